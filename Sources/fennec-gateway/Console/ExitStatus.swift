/// How the program ends, besides 0, 1 for failure and 64 for wrong usage (sysexits.h).
enum ExitStatus {
    /// `EX_CONFIG`: the configuration is wrong.
    static let configuration: Int32 = 78
}
