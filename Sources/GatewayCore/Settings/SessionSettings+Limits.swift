extension SessionSettings {
    /// These with a rule's own bounds, the stricter of both.
    package func limited(by limits: SessionLimits) -> SessionSettings {
        var settings = self
        settings.maxDuration = min(maxDuration, limits.maxDuration ?? maxDuration)
        settings.idleTimeout = min(idleTimeout, limits.idle ?? idleTimeout)
        settings.maxAudioMessageBytes = min(maxAudioMessageBytes, limits.maxAudioMessageBytes ?? maxAudioMessageBytes)
        return settings
    }
}
