import Testing

@testable import Inspection

@Suite struct ControlDependenceTests {
    @Test(
        arguments: [
            // 0 branches to 1 or 2, both go on to 3.
            ([[1, 2], [3], [3], []], [0], [1, 2]),
            // A check whose answer is only printed guards the printing, not what follows.
            ([[1, 2], [2], [3], []], [0], [1]),
            // What comes after an early return depends on the check.
            ([[1, 2], [], [3], []], [0], [1, 2, 3]),
            // A branch inside the guarded part guards transitively.
            ([[1, 4], [2, 3], [3], [4], []], [0], [1, 2, 3]),
            // A loop around the check.
            ([[1], [2, 3], [4], [4], [1, 5], []], [1], [2, 3]),
            // An endless loop.
            ([[1, 2], [1], []], [0], [1, 2]),
            // No branch that depends on anything.
            ([[1, 2], [3], [3], []], [], []),
        ] as [([[Int]], [Int], [Int])]
    )
    func findsWhatABranchDecides(successors: [[Int]], branches: [Int], expected: [Int]) {
        let dependence = ControlDependence(successors: successors)
        #expect(dependence.blocks(dependingOn: Set(branches)).sorted() == expected)
    }

    @Test func endsOnAnyGraph() {
        var state: UInt64 = 88_172_645_463_325_252
        func next(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        for _ in 0..<300 {
            let count = 1 + next(40)
            let graph = (0..<count).map { _ in (0..<next(4)).map { _ in next(count) } }
            let branches = Set((0..<count).filter { graph[$0].count > 1 })
            let result = ControlDependence(successors: graph).blocks(dependingOn: branches)
            #expect(result.allSatisfy { (0..<count).contains($0) })
        }
    }
}
