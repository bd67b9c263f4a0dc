import GatewayCore
import Testing

@Suite("JSON writing")
struct JSONEncodingTests {
    @Test(
        "values are written compactly, members by name",
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (12, "12"), ("a", "\"a\""), ([], "[]"), ([:], "{}"),
            ([1, [], "b", .null], "[1,[],\"b\",null]"),
            (["b": 1, "a": ["d": 2, "c": 3], "": 4, "é": 5, "Z": 6], #"{"":4,"Z":6,"a":{"c":3,"d":2},"b":1,"é":5}"#),
            (["\u{FFFF}": 1, "𝄞": 2], "{\"\u{FFFF}\":1,\"𝄞\":2}"),
        ] as [(JSONValue, String)])
    func written(value: JSONValue, text: String) {
        #expect(value.text == text)
        #expect(value.encoded == Array(text.utf8))
    }

    @Test(
        "only what must be escaped is escaped",
        arguments: [
            ("\"\\/", #""\"\\/""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
            ("\0\u{1}\u{B}\u{1F}", #""\u0000\u0001\u000b\u001f""#),
            ("\u{7F}é€𝄞\u{2028}<", "\"\u{7F}é€𝄞\u{2028}<\""),
        ])
    func escapes(string: String, text: String) {
        #expect(JSONValue.string(string).text == text)
        #expect(JSONValue(dictionaryLiteral: (string, 1)).text == "{\(text):1}")
    }

    @Test(
        "what was written reads back the same, and writes the same again",
        arguments: [
            #"{"vad":{"threshold":0.30,"debug":false},"type":"start","x":[1,2.50,"\u0000\ud834\udd1e"]}"#,
            #"[[],{},"",0,-0,1E5,null,true,false,{"a":[{"b":{}}]}]"#,
        ])
    func roundTrip(text: String) throws {
        let value = try JSONValue(parsing: text.utf8)
        let again = try JSONValue(parsing: value.encoded)
        #expect(again == value)
        #expect(again.encoded == value.encoded)
    }

    @Test("objects are equal whatever the order of their members")
    func equality() {
        #expect(["a": 1, "b": 2] as JSONObject == ["b": 2, "a": 1])
        #expect(["a": 1] as JSONObject != ["a": 1, "b": 2])
        #expect(["a": 1] as JSONObject != ["a": 2])
    }

    @Test("a member can be set, replaced in its place and removed")
    func members() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        object["d"] = nil
        #expect(object.members.map(\.name) == ["a", "c"])
        #expect(object["a"] == 3)
    }
}
