/// How the program ends, besides 0, 1 for failure and 64 for wrong usage (sysexits.h).
enum ExitStatus {
    /// `policy explain`: something else than was asked goes upstream.
    static let changed: Int32 = 1
    /// `policy explain`: nothing goes upstream.
    static let refused: Int32 = 2
    /// `EX_CONFIG`: the configuration is wrong.
    static let configuration: Int32 = 78
}
