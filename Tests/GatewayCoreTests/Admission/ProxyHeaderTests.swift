import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("The PROXY protocol")
struct ProxyHeaderTests {
    private static let signature: [UInt8] = Array("\r\n\r\n\0\r\nQUIT\n".utf8)

    /// A header of version 2; `count` is the length that it claims, when that is not the true one.
    private static func framed(
        _ versionAndCommand: UInt8, _ family: UInt8, _ block: [UInt8] = [], count: Int? = nil
    ) -> [UInt8] {
        let count = count ?? block.count
        return signature + [versionAndCommand, family, UInt8(count >> 8), UInt8(count & 0xFF)] + block
    }

    private static let addresses4: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 7, 0xC0, 0, 1, 0xBB]
    private static let addresses6: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1] + [0x20, 0x01, 0x0D, 0xB8]
        + Array(repeating: 0, count: 11) + [2, 0xC0, 0, 1, 0xBB]
    private static let mapped: [UInt8] =
        Array(repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 1] + Array(repeating: 0, count: 10)
        + [0xFF, 0xFF, 198, 51, 100, 7, 0, 1, 0, 2]

    /// `SOURCE>DESTINATION` with `-` for what is not said, `itself`, `…`, or the fault.
    private static func words(_ reading: ProxyHeader.Reading) -> String {
        switch reading {
        case .incomplete: "…"
        case .broken(let fault): "\(fault)"
        case .whole(.itself, _): "itself"
        case .whole(.client(let source, let destination), _):
            "\(source?.description ?? "-")>\(destination?.description ?? "-")"
        }
    }

    @Test(
        "version 1 is one strict line",
        arguments: [
            ("PROXY TCP4 192.0.2.1 198.51.100.7 49152 443\r\n", "192.0.2.1>198.51.100.7"),
            ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255>255.255.255.255"),
            ("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0>0.0.0.0"),
            ("PROXY TCP6 2001:db8::1 2001:DB8:0::2 1 2\r\n", "2001:db8::1>2001:db8::2"),
            ("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1>::1"),
            ("PROXY UNKNOWN\r\n", "->-"), ("PROXY UNKNOWN anything \0 at all\r\n", "->-"),
            ("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", "->-"),
            ("", "…"), ("PRO", "…"), ("PROXY TCP4 192.0.2.1", "…"), ("PROXY UNKNOWN\r", "…"),
            ("GET / HTTP/1.1\r\n", "missing"), ("PROXy ", "missing"), ("PROXY\tTCP4", "missing"), ("X", "missing"),
            ("PROXY UNKNOWN\n", "malformed"), ("PROXY UNKNOWN\r\r\n", "malformed"), ("PROXY \r\n", "malformed"),
            ("PROXY unknown\r\n", "malformed"), ("PROXY UNKNOWNS\r\n", "malformed"),
            ("PROXY TCP4\r\n", "malformed"), ("PROXY TCP5 192.0.2.1 192.0.2.2 1 2\r\n", "malformed"),
            ("PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n", "malformed"),
            ("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 2001:db8::2 1 2\r\n", "malformed"),
            ("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n", "malformed"),
            ("PROXY TCP4 192.0.2.1 192.0.2.2 1 \r\n", "malformed"),
        ])
    func version1(text: String, words: String) {
        #expect(Self.words(ProxyHeader.read(text.utf8)) == words)
    }

    @Test("a line of version 1 has 107 bytes at most")
    func longLines() {
        let line = { (count: Int) in "PROXY UNKNOWN " + String(repeating: "x", count: count - 16) + "\r\n" }
        #expect(ProxyHeader.read(line(107).utf8) == .whole(.client(source: nil, destination: nil), byteCount: 107))
        for count in 108...110 { #expect(ProxyHeader.read(line(count).utf8) == .broken(.tooLong)) }
        #expect(ProxyHeader.read(line(200).utf8.prefix(106)) == .incomplete)
        #expect(ProxyHeader.read(line(200).utf8.prefix(107)) == .broken(.tooLong))
    }

    @Test(
        "version 2 says who connects, or that the proxy itself does",
        arguments: [
            (framed(0x21, 0x11, addresses4), "192.0.2.1>198.51.100.7"),
            (framed(0x21, 0x11, addresses4 + [3, 0, 4, 1, 2, 3, 4]), "192.0.2.1>198.51.100.7"),
            (framed(0x21, 0x21, addresses6), "2001:db8::1>2001:db8::2"),
            (framed(0x21, 0x21, mapped), "192.0.2.1>198.51.100.7"),
            (framed(0x20, 0x00), "itself"), (framed(0x20, 0x11, addresses4), "itself"),
            (framed(0x20, 0xFF, [1, 2, 3]), "itself"), (framed(0x20, 0x11), "itself"),
            (framed(0x21, 0x00), "->-"), (framed(0x21, 0x00, [1, 2, 3]), "->-"), (framed(0x21, 0x01), "->-"),
            (framed(0x21, 0x31, Array(repeating: 47, count: 216)), "->-"),
            (framed(0x21, 0x12, addresses4), "->-"), (framed(0x21, 0x22, addresses6), "->-"),
            (framed(0x21, 0x10, addresses4), "->-"),
            (framed(0x21, 0x11, Array(addresses4.dropLast())), "malformed"),
            (framed(0x21, 0x21, addresses4), "malformed"),
            (framed(0x21, 0x31, addresses6), "malformed"), (framed(0x21, 0x41, addresses6), "malformed"),
            (framed(0x21, 0x13, addresses4), "malformed"), (framed(0x11, 0x11, addresses4), "malformed"),
            (framed(0x31, 0x11, addresses4), "malformed"), (framed(0x22, 0x11, addresses4), "malformed"),
            (framed(0x2F, 0x11, addresses4), "malformed"),
            (Array(framed(0x21, 0x11, addresses4).dropLast()), "…"), (Array(signature), "…"),
            (framed(0x21, 0x11, addresses4, count: 13), "…"),
            (Array(signature.dropLast()) + [0x0B], "missing"), ([0x0D, 0x0A, 0x0D, 0x0D], "missing"),
        ])
    func version2(bytes: [UInt8], words: String) {
        #expect(Self.words(ProxyHeader.read(bytes)) == words)
    }

    @Test("version 2 is taken up to 536 bytes, and refused before the others come")
    func long() {
        let block = { (count: Int) in Self.addresses4 + Array(repeating: UInt8(4), count: count - 16 - 12) }
        let longest = Self.framed(0x21, 0x11, block(536))
        #expect(longest.count == 536 && Self.words(ProxyHeader.read(longest)) == "192.0.2.1>198.51.100.7")
        #expect(ProxyHeader.read(Self.framed(0x21, 0x11, block(537)).prefix(16)) == .broken(.tooLong))
        #expect(ProxyHeader.read(Self.framed(0x20, 0x00, count: 65535)) == .broken(.tooLong))
    }

    @Test("what follows the header is left alone")
    func rest() {
        let header = Self.framed(0x21, 0x11, Self.addresses4)
        guard case .whole(_, let count) = ProxyHeader.read(header + Array("GET /".utf8)) else {
            Issue.record("no header")
            return
        }
        #expect(count == header.count)
        #expect(
            ProxyHeader.read(Array("PROXY UNKNOWN\r\nPROXY".utf8))
                == .whole(.client(source: nil, destination: nil), byteCount: 15))
    }

    @Test("however bytes are cut and changed, more of them never change an answer")
    func changed() {
        var random = SeededGenerator(seed: 7)
        let seeds =
            [Self.framed(0x21, 0x11, Self.addresses4 + [4, 0, 1, 0]), Self.framed(0x21, 0x21, Self.addresses6)]
            + [
                "PROXY TCP4 192.0.2.1 198.51.100.7 49152 443\r\n", "PROXY UNKNOWN\r\n",
                "PROXY TCP6 2001:db8::1 ::2 1 2\r\n",
            ].map { Array($0.utf8) }
        for _ in 0..<3000 {
            var bytes = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes += Array(repeating: 0x20, count: Int.random(in: 0...40, using: &random))
            #expect(ProxyHeaderWitness(bytes).broken.isEmpty, "\(bytes)")
        }
    }
}
