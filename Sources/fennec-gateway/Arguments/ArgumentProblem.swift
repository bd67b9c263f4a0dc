/// Why an argument is not understood, in words that end the sentence "The value … is invalid for …:".
struct ArgumentProblem: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
