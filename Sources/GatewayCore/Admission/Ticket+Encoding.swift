extension Ticket {
    /// The bytes that are signed: JSON with names of one letter.
    package var encoded: [UInt8] {
        var object = JSONObject()
        object["i"] = .string(id)
        object["r"] = .string(rule)
        object["e"] = .number(JSONNumber(expires))
        switch client {
        case .device(let name): object["d"] = .string(name)
        case .named(let name): object["c"] = .string(name)
        case .token(let client, let issuer): object["s"] = ["c": .string(client), "i": .string(issuer)]
        case .place(_, let block): object["a"] = .string(block.description)
        }
        object["n"] = device.map { .string($0.name) }
        object["k"] = device.map { .string($0.key) }
        object["t"] = token.map { .object($0.encoded) }
        object["o"] = origin.map { .string($0) }
        object["p"] = policy.map { .string($0) }
        return Array(JSONValue.object(object).text.utf8)
    }

    /// Reads what `encoded` wrote; `nil` for anything else. To be called with bytes whose signature has been checked.
    package init?(_ bytes: some Collection<UInt8>) {
        guard let object = (try? JSONValue(parsing: bytes))?.object, let id = object["i"]?.string,
            let rule = object["r"]?.string, let expires = object["e"]?.number?.asInteger,
            let client = Self.client(object, rule: rule)
        else { return nil }
        var device: DeviceKey?
        if let name = object["n"]?.string, let key = object["k"]?.string { device = DeviceKey(name: name, key: key) }
        self.init(
            id: id, rule: rule, client: client, device: device, token: object["t"]?.object.map(TokenGrant.init),
            origin: object["o"]?.string,
            policy: object["p"]?.string, expires: expires)
    }

    private static func client(_ object: JSONObject, rule: String) -> ClientIdentity? {
        if let name = object["d"]?.string { return .device(name) }
        if let name = object["c"]?.string { return .named(name) }
        if let subject = object["s"]?.object, let client = subject["c"]?.string, let issuer = subject["i"]?.string {
            return .token(client: client, issuer: issuer)
        }
        return object["a"]?.string.flatMap(AddressBlock.init(text:)).map { .place(rule: rule, $0) }
    }
}

extension TokenGrant {
    fileprivate var encoded: JSONObject {
        var object = JSONObject()
        object["p"] = policy.map { .string($0) }
        object["l"] = limits.map { .string($0) }
        object["x"] = endsSessionsAt.map { .number(JSONNumber($0)) }
        return object
    }

    fileprivate init(_ object: JSONObject) {
        self.init(
            policy: object["p"]?.string, limits: object["l"]?.string, endsSessionsAt: object["x"]?.number?.asInteger)
    }
}
