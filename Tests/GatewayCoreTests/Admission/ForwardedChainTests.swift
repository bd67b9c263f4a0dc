import GatewayCore
import GatewayCoreTesting
import Testing

@Suite("Hops of requests")
struct ForwardedChainTests {
    /// Addresses as text, `-` for what is hidden.
    private static func text(_ chain: ForwardedChain) -> String {
        chain.hops.map { hop in
            if case .address(let address) = hop { address.description } else { "-" }
        }.joined(separator: " ")
    }

    @Test(
        "X-Forwarded-For",
        arguments: [
            (["192.0.2.1"], "192.0.2.1"), (["192.0.2.1, 10.0.0.1"], "192.0.2.1 10.0.0.1"),
            (["192.0.2.1,10.0.0.1"], "192.0.2.1 10.0.0.1"), (["192.0.2.1", "10.0.0.1"], "192.0.2.1 10.0.0.1"),
            (["2001:db8::1"], "2001:db8::1"), (["[2001:db8::1]"], "2001:db8::1"),
            (["[2001:DB8::1]:443"], "2001:db8::1"),
            (["192.0.2.1:8080"], "192.0.2.1"), (["\t192.0.2.1 "], "192.0.2.1"), (["::ffff:192.0.2.1"], "192.0.2.1"),
            (["[::ffff:192.0.2.1]:1"], "192.0.2.1"), (["::1"], "::1"), ([], ""),
            ([""], "-"), ([","], "- -"), (["192.0.2.1,"], "192.0.2.1 -"), (["unknown"], "-"), (["_hidden"], "-"),
            (["192.0.2.1:"], "-"), (["192.0.2.1:x"], "-"), (["192.0.2.1:123456"], "-"), (["192.0.2.01"], "-"),
            (["192.0.2"], "-"), (["3221225985"], "-"), (["0xC0000201"], "-"), (["[192.0.2.1]"], "-"), (["[::1"], "-"),
            (["::1]"], "-"), (["[::1]x"], "-"), (["[::1%eth0]"], "-"), (["::1%eth0"], "-"), (["localhost"], "-"),
            (["\"192.0.2.1\""], "-"), (["for=192.0.2.1"], "-"), (["192.0.2.1 10.0.0.1"], "-"), (["１９２.0.2.1"], "-"),
            (["192.0.2.1\u{0}"], "-"), (["2001:db8::1:443"], "2001:db8::1:443"), (["2001:db8:0:0:0:0:0:1:443"], "-"),
        ])
    func xForwardedFor(values: [String], hops: String) {
        #expect(Self.text(ForwardedChain(xForwardedFor: values)) == hops)
    }

    @Test(
        "Forwarded",
        arguments: [
            (["for=192.0.2.1"], "192.0.2.1"), (["For=192.0.2.1;proto=https"], "192.0.2.1"),
            (["proto=https;FOR=192.0.2.1;by=10.0.0.1"], "192.0.2.1"),
            (["for=192.0.2.1, for=10.0.0.1"], "192.0.2.1 10.0.0.1"),
            (["for=192.0.2.1", "for=10.0.0.1"], "192.0.2.1 10.0.0.1"),
            (["for=\"192.0.2.1\""], "192.0.2.1"), (["for=\"192.0.2.1:80\""], "192.0.2.1"),
            (["for=\"[2001:db8::1]\""], "2001:db8::1"), (["for=\"[2001:db8::1]:80\""], "2001:db8::1"),
            (["for=[2001:db8::1]"], "2001:db8::1"), (["for=192.0.2.1:80"], "192.0.2.1"),
            (["for=\"192.0.\\2.1\""], "192.0.2.1"), (["host=\"a,b;for=1.1.1.1\";for=192.0.2.1"], "192.0.2.1"),
            (["for=192.0.2.1 ; proto=http , for=10.0.0.1"], "192.0.2.1 10.0.0.1"), (["for=192.0.2.1,"], "192.0.2.1"),
            ([",for=192.0.2.1"], "192.0.2.1"), ([""], ""), ([], ""),
            (["for=unknown"], "-"), (["for=_secret"], "-"), (["proto=https"], "-"),
            (["for=192.0.2.1, proto=https"], "192.0.2.1 -"),
            (["for=\"unknown\", for=192.0.2.1"], "- 192.0.2.1"), (["for=1.1.1.1;for=2.2.2.2"], "-"), (["for"], "-"),
            (["for="], "-"), (["=192.0.2.1"], "-"), (["for=\"192.0.2.1"], "-"), (["for=\"192.0.2.1\\"], "-"),
            (["192.0.2.1"], "-"), (["for =192.0.2.1"], "-"), (["for= 192.0.2.1"], "-"), (["for=192.0.2.1;"], "-"),
            (["for=192.0.2.1 for=10.0.0.1"], "-"), (["for=192.0.2.1;;proto=http"], "-"),
            (["for=2001:db8::1"], "2001:db8::1"),
            (["for=192.0.2.1, \"x\""], "-"), (["for=192.0.2.1", "bad"], "192.0.2.1 -"), (["for=é"], "-"),
        ])
    func forwarded(values: [String], hops: String) {
        #expect(Self.text(ForwardedChain(forwarded: values)) == hops)
    }

    @Test("any bytes at all are read without harm, and never as more hops than there are commas")
    func anything() {
        var generator = SeededGenerator(seed: 11)
        let pieces = [
            "for=", "\"", "\\", ",", ";", "[", "]", ":", "1.2.3.4", "::1", " ", "=", "by", "é", "\u{0}", "unknown",
        ]
        for _ in 0..<10_000 {
            let text = (0..<Int.random(in: 0...12, using: &generator))
                .map { _ in pieces.randomElement(using: &generator)! }.joined()
            let most = text.utf8.count { $0 == UInt8(ascii: ",") } + 1
            #expect(ForwardedChain(forwarded: [text]).hops.count <= most)
            #expect(ForwardedChain(xForwardedFor: [text]).hops.count == most)
        }
    }
}
