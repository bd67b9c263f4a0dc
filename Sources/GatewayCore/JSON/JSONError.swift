/// Why a text is not the JSON that the gateway accepts (RFC 8259, with the choices of `JSONReader`).
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong at the offset.
    package enum Reason: Sendable, Equatable {
        case byteOrderMark
        case controlCharacter
        /// The name, when it is a short identifier and so may be quoted.
        case duplicateName(String?)
        case expectedColon
        case expectedCommaOrEnd
        case expectedEnd
        case expectedName
        case expectedValue
        case invalidEscape
        case invalidNumber
        case invalidUTF8
        case loneSurrogate
        case tooDeep
        case unexpectedEnd
    }

    /// What is wrong.
    package let reason: Reason
    /// Where the reading stopped, in bytes from the start of the text.
    package let offset: Int

    /// An error at an offset in bytes from the start of the text.
    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// A phrase for the sender; quotes nothing of the text but a short name.
    package var description: String { "\(phrase) at byte \(offset)" }

    private var phrase: String {
        switch reason {
        case .byteOrderMark: "a byte order mark, which JSON has not,"
        case .controlCharacter: "a control character in a string, where it must be escaped,"
        case .duplicateName(.some(let name)): "the name \"\(name)\" a second time in one object"
        case .duplicateName(.none): "a name a second time in one object"
        case .expectedColon: "no colon after a name"
        case .expectedCommaOrEnd: "neither a comma nor the end of the object or array"
        case .expectedEnd: "something after the end of the value"
        case .expectedName: "no name in double quotes where a member must begin"
        case .expectedValue: "no value where one must begin"
        case .invalidEscape: "an escape that JSON has not"
        case .invalidNumber: "a number not written as JSON wants it"
        case .invalidUTF8: "invalid UTF-8"
        case .loneSurrogate: "half of a surrogate pair"
        case .tooDeep: "more than \(JSONReader.maximumDepth) levels of nesting"
        case .unexpectedEnd: "an unexpected end"
        }
    }
}
