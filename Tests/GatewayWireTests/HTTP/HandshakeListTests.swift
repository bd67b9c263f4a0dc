import Testing

@testable import GatewayWire

struct HandshakeListTests {
    @Test(
        "Subprotocols are tokens, and each stands once in all values",
        arguments: [
            ([], true), ([""], true), ([",, ,"], true), (["a"], true), (["a, b.c\t,d"], true), (["a,,b"], true),
            (["a", "b"], true), (["fennec.v1", "bearer.e30_-"], true), (["a,A"], true), (["!#$%&'*+-.^_`|~09"], true),
            (["a,a"], false), (["a", "b, a"], false), (["a b"], false), (["a;b"], false), (["a/b"], false),
            (["\"a\""], false), (["a=b"], false), (["ä"], false), (["a\u{7F}"], false), (["(a)"], false),
        ])
    func protocols(values: [String], areRight: Bool) {
        #expect(HandshakeList.areProtocols(values) == areRight)
    }

    @Test(
        "Extensions have the grammar of RFC 6455 §9.1",
        arguments: [
            ("", true), ("permessage-deflate", true), ("permessage-deflate; client_max_window_bits", true),
            ("a;b=c;d=\"e\" , f", true), ("a ; b = c", true), ("a,a", true), ("a;b;b", true), ("a;b=\"\\c\"", true),
            (",a,", true), ("foo, bar; baz=2", true), (";", false), ("a;", false), ("a;b=", false), ("a;=b", false),
            ("a b", false), ("a;b=c d", false), ("a;b=\"", false), ("a;b=\"\"", false), ("a;b=\"c d\"", false),
            ("a;b=\"c\\", false), ("a;b=\"c\"d", false), ("=", false), ("a;b=@", false), ("ä", false),
        ])
    func extensions(value: String, isRight: Bool) {
        #expect(HandshakeList.areExtensions([value]) == isRight)
        #expect(HandshakeList.areExtensions(["x", value]) == isRight)
    }
}
