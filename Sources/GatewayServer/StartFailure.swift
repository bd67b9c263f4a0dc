/// Why the gateway could not start, in a sentence that names the cure.
package struct StartFailure: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
