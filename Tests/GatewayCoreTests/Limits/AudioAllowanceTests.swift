import Testing

@testable import GatewayCore

@Suite("A session's part of budgets")
struct AudioAllowanceTests {
    private static let today = BudgetBook.Account(owner: .gateway, window: BudgetWindow(.day, at: 0))
    private static let tomorrow = BudgetBook.Account(owner: .gateway, window: BudgetWindow(.day, at: 86_400_000))

    private static func slice(_ amount: Int, of account: BudgetBook.Account = today) -> BudgetBook.Slice {
        BudgetBook.Slice(amount: amount, accounts: [account], share: 0)
    }

    @Test("audio is rounded up, over the whole session and not frame by frame")
    func rounding() {
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        #expect(allowance.take(1) == false)
        #expect(allowance.length(of: 1) == 32)
        allowance.replace(with: Self.slice(1_000_000))
        for _ in 0..<32_000 { #expect(allowance.take(1) == true) }
        #expect(allowance.take(1) == false)
        #expect(allowance.rest == 0)
    }

    @Test("another slice takes the place of what lies unused")
    func replaced() {
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        allowance.replace(with: Self.slice(5_000_000))
        #expect(allowance.take(4 * 32_000) == true)
        #expect(allowance.take(2 * 32_000) == false)
        #expect(allowance.rest == 1_000_000)
        allowance.replace(with: Self.slice(2_000_000))
        #expect(allowance.take(2 * 32_000) == true)
        #expect(allowance.take(1) == false)
    }

    @Test("what did not go on is given back, once")
    func settle() {
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        allowance.replace(with: Self.slice(5_000_000))
        #expect(allowance.take(64_000) == true)
        #expect(allowance.settle(forwarded: 32_000) == 4_000_000)
        #expect(allowance.take(1) == false)
    }

    @Test("an account gets back only what was taken from it")
    func otherAccount() {
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        allowance.replace(with: Self.slice(5_000_000))
        #expect(allowance.take(5 * 32_000) == true)
        allowance.replace(with: Self.slice(5_000_000, of: Self.tomorrow))
        #expect(allowance.take(32_000) == true)
        #expect(allowance.accounts == [Self.tomorrow])
        #expect(allowance.settle(forwarded: 0) == 5_000_000)
    }

    @Test("audio goes on a second at most before that is written down again")
    func goesOn() {
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        allowance.replace(with: Self.slice(5_000_000))
        #expect(allowance.untouched == 5_000_000, "nothing went on")
        #expect(allowance.take(16_000) == true)
        #expect(allowance.untouched == 5_000_000, "what is held did not go on")
        #expect(allowance.goOn() == true)
        #expect((allowance.noted, allowance.untouched) == (16_000, 3_500_000))
        #expect(allowance.take(32_000) == true)
        #expect(allowance.goOn() == false, "just as far as was written down")
        #expect(allowance.take(1) == true)
        #expect(allowance.goOn() == true)
        #expect(allowance.noted == 48_001)
        #expect(allowance.take(3 * 32_000) == true)
        #expect(allowance.goOn() == true)
        #expect(allowance.untouched == 0, "a slice ends before the second does")
    }

    @Test("what an earlier account gave is not for a later one to get back after a crash")
    func untouchedOfAnother() {
        var allowance = AudioAllowance(bytesPerSecond: 32_000)
        allowance.replace(with: Self.slice(5_000_000))
        #expect(allowance.take(5 * 32_000) == true)
        allowance.replace(with: Self.slice(5_000_000, of: Self.tomorrow))
        #expect(allowance.untouched == 5_000_000)
        #expect(allowance.goOn() == true)
        #expect(allowance.untouched == 4_000_000)
    }

    @Test("more than was reserved cannot be used up")
    func overrun() {
        var allowance = AudioAllowance(bytesPerSecond: 1)
        allowance.replace(with: Self.slice(1_000_000))
        #expect(allowance.settle(forwarded: 5) == 0)
    }
}
