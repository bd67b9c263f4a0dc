import GatewayCore
import GatewayWire
import Logging

extension RelaySession {
    /// Writes lines that can be found by the session's names.
    var logger: Logger {
        var logger = services.logger
        logger[metadataKey: UsageField.session.rawValue] = "\(id)"
        if let request = admitted.trail.requestID { logger[metadataKey: UsageField.requestID.rawValue] = "\(request)" }
        if let trace = admitted.trail.traceID { logger[metadataKey: UsageField.traceID.rawValue] = "\(trace)" }
        return logger
    }

    /// The classic cause of transcripts that make no sense: audio that is declared with another rate than it has.
    func warnOfRate(_ meter: UsageMeter) {
        guard meter.isRateOff, let observed = meter.observedBytesPerSecond else { return }
        logger.warning(
            "audio came at another rate than start declared",
            metadata: [
                "declared_bytes_per_second": .stringConvertible(meter.declaredBytesPerSecond),
                "observed_bytes_per_second": .stringConvertible(observed),
            ])
    }
}
