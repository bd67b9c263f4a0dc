import GatewayCore
import Testing

@Suite("Choice of a policy")
struct PolicyChoiceTests {
    private static let given = ["dictation", "noisy", "kiosk"]

    @Test("the rule's first applies unless another of the rule's is asked for", arguments: given)
    func rule(asked: String) {
        #expect(PolicyChoice.choose(among: Self.given, asked: []) == .policy("dictation"))
        #expect(PolicyChoice.choose(among: Self.given, asked: [asked]) == .policy(asked))
    }

    @Test(
        "what the rule does not give out is refused, and what it does is named",
        arguments: ["default", "", "Noisy", "noisy ", "noisy,kiosk", nil] as [String?])
    func refused(asked: String?) {
        #expect(
            PolicyChoice.choose(among: Self.given, asked: [asked])
                == .refused(.policyRefused, detail: "You may ask for dictation, noisy, kiosk."))
    }

    @Test("two are asked for by mistake, even if they are the same", arguments: [["noisy", "noisy"], ["noisy", nil]])
    func twice(asked: [String?]) {
        for bound in [nil, "noisy"] {
            #expect(
                PolicyChoice.choose(among: Self.given, asked: asked, bound: bound)
                    == .refused(.badRequest, detail: "Ask for one policy, once."))
        }
    }

    @Test("a ticket's policy applies, whether or not it is asked for again")
    func bound() {
        #expect(PolicyChoice.choose(among: Self.given, asked: [], bound: "noisy") == .policy("noisy"))
        #expect(PolicyChoice.choose(among: Self.given, asked: ["noisy"], bound: "noisy") == .policy("noisy"))
    }

    @Test("a ticket's policy cannot be left for another of the rule's")
    func widened() {
        #expect(
            PolicyChoice.choose(among: Self.given, asked: ["dictation"], bound: "noisy")
                == .refused(.policyRefused, detail: "The ticket is for noisy."))
    }

    @Test("a ticket is no good for a policy that the rule gives out no more", arguments: [[], ["noisy"], ["old"]])
    func outdated(asked: [String]) {
        #expect(
            PolicyChoice.choose(among: Self.given, asked: asked, bound: "old")
                == .refused(
                    .policyRefused, detail: "The ticket's policy is no longer given out; get a new ticket."))
    }

    @Test("without any name the default policy applies")
    func nameless() {
        #expect(PolicyChoice.choose(among: [], asked: []) == .policy("default"))
    }
}
