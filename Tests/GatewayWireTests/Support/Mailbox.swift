/// Hands values from event loops to one waiting test, in order.
final class Mailbox<Element: Sendable>: Sendable {
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Element.self)
    }

    func put(_ element: Element) {
        continuation.yield(element)
    }

    func close() {
        continuation.finish()
    }

    /// The next value; `nil` once the box is closed and empty. A test that waits in vain ends by its time limit.
    func next() async -> Element? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }

    /// Everything that still comes until the box is closed.
    func rest() async -> [Element] {
        var all: [Element] = []
        while let element = await next() { all.append(element) }
        return all
    }
}
