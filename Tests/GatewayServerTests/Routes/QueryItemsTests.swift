import Testing

@testable import GatewayServer

@Suite("Query items")
struct QueryItemsTests {
    @Test(
        "the values of a name, in their order, decoded",
        arguments: [
            (nil, []), ("", []), ("a", [""]), ("a=", [""]), ("a=1", ["1"]), ("a=1&a=2", ["1", "2"]),
            ("b=1&a=2", ["2"]), ("a=1=2", ["1=2"]), ("&&a=1&&", ["1"]), ("A=1", []), ("%61=1", []), ("aa=1", []),
            ("a=%41%42", ["AB"]), ("a=%e2%82%AC", ["€"]), ("a=+", ["+"]), ("a=%20", [" "]), ("a=%26b%3D", ["&b="]),
            ("a=%2561", ["%61"]), ("a=%00", ["\0"]), ("a=é", ["é"]), ("a=1#b", ["1#b"]), ("a=1;a=2", ["1;a=2"]),
        ] as [(String?, [String])])
    func values(query: String?, values: [String]) {
        #expect(QueryItems(query).values(of: "a") == values)
    }

    @Test("a percent sign that begins no byte stays", arguments: ["%", "%4", "%%", "%zz", "%4z", "%-1", "% 1", "%é"])
    func badPercent(value: String) {
        #expect(QueryItems("a=" + value).values(of: "a") == [value])
    }

    @Test("a sign is no digit of a percent-encoded byte", arguments: ["%+1", "%+f", "%1+", "%-0", "%0-"])
    func signs(value: String) {
        #expect(QueryItems("a=" + value).values(of: "a") == [value])
    }

    @Test("values that are no UTF-8 are left out", arguments: ["%FF", "%C0%80", "%ED%A0%80", "%E2%82", "ok%80"])
    func invalid(value: String) {
        #expect(QueryItems("a=1&a=\(value)&a=2").values(of: "a") == ["1", "2"])
    }

    @Test("a name is there with or without a value")
    func contains() {
        #expect(QueryItems("a&b=1").contains("a"))
        #expect(QueryItems("a&b=1").contains("b"))
        #expect(!QueryItems("a&b=1").contains("1"))
        #expect(!QueryItems(nil).contains(""))
    }
}
