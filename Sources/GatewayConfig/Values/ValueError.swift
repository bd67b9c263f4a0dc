/// Why a text is not the value that it should be.
package struct ValueError: Error, Equatable {
    /// What is wrong, in lower case and without a full stop.
    package let message: String
    /// What was probably meant.
    package internal(set) var suggestion: String?
    /// How to do it right.
    package internal(set) var hint: String?
    /// Whether the text may hold a secret and is shown nowhere.
    var isSecret = false

    init(_ message: String, suggestion: String? = nil, hint: String? = nil, isSecret: Bool = false) {
        self.message = message
        self.suggestion = suggestion
        self.hint = hint
        self.isSecret = isSecret
    }
}
