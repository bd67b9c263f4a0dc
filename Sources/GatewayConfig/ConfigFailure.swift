/// Why a configuration file was refused: every error that it has, in the order of the file.
package struct ConfigFailure: Error, Equatable, CustomStringConvertible {
    /// The file, as it was named.
    package let path: String
    /// At least one.
    package let problems: [ConfigProblem]

    /// The report for people, several lines long.
    package var description: String { ConfigReport.render(problems, path: path) }
}
