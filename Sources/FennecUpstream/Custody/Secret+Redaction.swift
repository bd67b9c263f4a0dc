extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    /// No children, so that `dump` and every reflection-based printer show nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
