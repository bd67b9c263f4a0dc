/// Why a text is not the value that it should be.
struct ValueError: Error, Equatable {
    let message: String
    var suggestion: String?
    var hint: String?
    /// Whether the text may hold a secret and is shown nowhere.
    var isSecret = false

    init(_ message: String, suggestion: String? = nil, hint: String? = nil, isSecret: Bool = false) {
        self.message = message
        self.suggestion = suggestion
        self.hint = hint
        self.isSecret = isSecret
    }
}
