extension UsageRecord {
    /// One fact; `nil` when it is not there.
    package func value(of field: UsageField) -> UsageValue? {
        switch field {
        case .session: .text(session)
        case .requestID: trail.requestID.map(UsageValue.text)
        case .traceID: trail.traceID.map(UsageValue.text)
        case .client: .text(client)
        case .rule: .text(rule)
        case .policy: policy.map(UsageValue.text)
        case .origin: origin.map(UsageValue.text)
        case .address: address.map(UsageValue.text)
        case .startedAt: .integer(startedAt)
        case .duration: .integer(duration)
        case .droppedFrames: .integer(droppedFrames)
        case .mint: mintTime.map(UsageValue.integer)
        case .connect: connectTime.map(UsageValue.integer)
        case .ready: timeToReady.map(UsageValue.integer)
        case .endedBy: endedBy.map { .text($0.rawValue) }
        case .closeCode: closeCode.map { .integer(Int($0)) }
        case .reason: reason.map(UsageValue.text)
        case .verdict, .adjusted, .observed, .adjustments: decision?.value(of: field)
        default: meter.value(of: field)
        }
    }

    /// Its fields in their order, what is not there left out.
    package var fields: [(name: String, value: UsageValue)] {
        UsageField.allCases.compactMap { field in value(of: field).map { (field.rawValue, $0) } }
    }

    /// The same as a JSON object.
    package var json: JSONValue {
        .object(JSONObject(members: fields.map { JSONObject.Member(name: $0.name, value: $0.value.json) }))
    }
}

extension UsageMeter {
    /// One of the facts that are measured; `nil` for the others, and for what is not known.
    fileprivate func value(of field: UsageField) -> UsageValue? {
        switch field {
        case .audioSeconds: .rounded(secondsReceived)
        case .audioBytes: .integer(bytesReceived)
        case .forwardedSeconds: .rounded(secondsForwarded)
        case .forwardedBytes: .integer(bytesForwarded)
        case .frames: .integer(messagesReceived)
        case .speechSeconds: secondsOfSpeech.map(UsageValue.rounded)
        case .silenceSeconds: secondsOfSpeech.map { .rounded(max(0, secondsReceived - $0)) }
        case .utterances: .integer(utterances)
        case .finals: .integer(finals)
        case .partials: .integer(partials)
        case .words: .integer(words)
        case .characters: .integer(characters)
        case .upstreamErrors: .integer(upstreamErrors)
        case .firstTranscript: delays.firstTranscript.map(UsageValue.integer)
        case .finalDelayMedian: delays.finalMedian.map(UsageValue.integer)
        case .finalDelayMax: delays.finalLongest.map(UsageValue.integer)
        case .declaredRate: .integer(declaredBytesPerSecond)
        case .observedRate: observedBytesPerSecond.map(UsageValue.integer)
        default: nil
        }
    }
}

extension UsageValue {
    /// Seconds to the millisecond.
    fileprivate static func rounded(_ seconds: Double) -> UsageValue { .number((seconds * 1000).rounded() / 1000) }
}
