import GatewayCore

/// Makes the `start` message: what the recording says of itself, and what the user sets.
enum StartRequest {
    /// The message as JSON text. Settings may override the recording's rate and channels; of two the last counts.
    static func text(_ format: WAVFormat, settings: [StartSetting]) throws(CommandFailure) -> String {
        var message: JSONObject = [
            "type": "start", "sample_rate": .number(JSONNumber(format.sampleRate)),
            "channels": .number(JSONNumber(format.channels)),
        ]
        for setting in settings { try set(setting.path[...], setting.value, in: &message) }
        return JSONValue.object(message).text
    }

    private static func set(
        _ path: ArraySlice<String>, _ value: JSONValue, in object: inout JSONObject
    ) throws(CommandFailure) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            object[name] = value
            return
        }
        guard var inner = object[name] == nil ? JSONObject() : object[name]?.object else {
            throw CommandFailure("\(name) is set to \(object[name]?.kind ?? "null") and to an object")
        }
        try set(path.dropFirst(), value, in: &inner)
        object[name] = .object(inner)
    }
}
