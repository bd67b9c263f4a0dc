/// Which faults are still to happen. They are used up in their order, one for each request of their stage.
struct FaultBook: Sendable {
    private var faults: [SimulatorFault]

    init(_ faults: [SimulatorFault]) { self.faults = faults.filter { $0.count != 0 } }

    /// The fault for the next request at `stage`, which has then happened once more.
    mutating func next(_ stage: SimulatorFault.Stage) -> SimulatorFault.Kind? {
        guard let index = faults.firstIndex(where: { $0.stage == stage }) else { return nil }
        let kind = faults[index].kind
        if let count = faults[index].count {
            faults[index].count = count - 1
            if count == 1 { faults.remove(at: index) }
        }
        return kind
    }
}
