extension String {
    /// Whether this is an identifier of at most 32 ASCII letters, digits, `_`, `-` or `.`: short and plain enough to
    /// be quoted in a message or log whoever wrote it.
    package var isShortIdentifier: Bool {
        (1...32).contains(utf8.count)
            && utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte | 32) || byte == 95 || byte == 45 || byte == 46
            }
    }
}
