import Testing

@testable import fennec_gateway

struct TranscriptComparisonTests {
    @Test(
        "words are compared in order, wherever utterances end",
        arguments: [
            (["a b", "c"], ["a", "b c"], nil), (["It's he."], ["it's he"], nil), ([], [], nil), (["a"], [" a – "], nil),
            (["a b c"], ["a c"], "a [-b-] c"), (["a c"], ["a b c"], "a {+b+} c"),
            (["he was ill"], ["he was hill"], "he was [-ill-] {+hill+}"), (["a b"], [], "[-a-] [-b-]"),
            ([], ["a"], "{+a+}"), (["a b c"], ["x b y"], "[-a-] {+x+} b [-c-] {+y+}"),
        ] as [([String], [String], String?)])
    func difference(expected: [String], found: [String], marked: String?) {
        #expect(TranscriptComparison(expected: expected, found: found).difference == marked)
    }
}
