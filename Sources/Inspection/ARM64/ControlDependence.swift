/// Which blocks of a function run only when a branch goes one way.
struct ControlDependence {
    private let successors: [[Int]]
    /// Of the function's end, too, as the last entry.
    private var predecessors: [[Int]]
    /// Blocks of endless loops from which an edge to the end is made up, so that every block reaches it.
    private var endless: Set<Int> = []
    /// Steps up the tree that are left before the search is given up; then nothing counts as dependent.
    private var budget = 20_000_000
    /// The immediate postdominator of each block; the number of blocks stands for the function's end.
    private var postdominator: [Int]
    /// A block's place in the postorder of the reversed graph.
    private var order: [Int]

    init(successors: [[Int]]) {
        self.successors = successors
        let count = successors.count
        var predecessors = [[Int]](repeating: [], count: count + 1)
        for (block, next) in successors.enumerated() {
            for target in next.isEmpty ? [count] : next { predecessors[target].append(block) }
        }
        self.predecessors = predecessors
        postdominator = [Int](repeating: -1, count: count + 1)
        order = [Int](repeating: -1, count: count + 1)
        connectEndlessLoops()
        computePostdominators()
    }

    /// The blocks that depend on one of the branches, directly or through a branch that itself depends on one.
    func blocks(dependingOn branches: Set<Int>) -> Set<Int> {
        guard budget > 0 else { return [] }
        var result: Set<Int> = []
        var pending = Array(branches)
        var done: Set<Int> = []
        var steps = budget
        while let branch = pending.popLast() {
            guard done.insert(branch).inserted else { continue }
            for successor in successors[branch] {
                var runner = successor
                // Up the tree to where both ways meet again.
                while runner != postdominator[branch], runner != successors.count, runner >= 0, steps > 0 {
                    steps -= 1
                    if result.insert(runner).inserted, successors[runner].count > 1 { pending.append(runner) }
                    runner = postdominator[runner]
                }
            }
        }
        return result
    }

    /// Iterates to the fixed point in reverse postorder (Cooper, Harvey and Kennedy).
    private mutating func computePostdominators() {
        let end = successors.count
        let sequence = postorderFromEnd()
        for (place, block) in sequence.enumerated() { order[block] = place }
        postdominator[end] = end
        var changed = true
        while changed, budget > 0 {
            changed = false
            for block in sequence.reversed() where block != end {
                var best = successors[block].isEmpty || endless.contains(block) ? end : -1
                for target in successors[block] where postdominator[target] >= 0 {
                    best = best < 0 ? target : common(best, target)
                }
                if best >= 0, postdominator[block] != best {
                    postdominator[block] = best
                    changed = true
                }
            }
        }
    }

    private mutating func common(_ left: Int, _ right: Int) -> Int {
        var (left, right) = (left, right)
        while left != right, budget > 0 {
            budget -= 1
            while order[left] < order[right] { left = postdominator[left] }
            while order[right] < order[left] { right = postdominator[right] }
        }
        return left
    }

    private mutating func connectEndlessLoops() {
        let end = successors.count
        var seen = [Bool](repeating: false, count: end + 1)
        _ = postorder(from: end, &seen)
        for block in stride(from: end - 1, through: 0, by: -1) where !seen[block] {
            endless.insert(block)
            predecessors[end].append(block)
            _ = postorder(from: block, &seen)
        }
    }

    private func postorderFromEnd() -> [Int] {
        var seen = [Bool](repeating: false, count: predecessors.count)
        return postorder(from: successors.count, &seen)
    }

    private func postorder(from root: Int, _ seen: inout [Bool]) -> [Int] {
        var result: [Int] = []
        var stack: [(block: Int, next: Int)] = [(root, 0)]
        seen[root] = true
        while let (block, next) = stack.last {
            if next < predecessors[block].count {
                stack[stack.count - 1].next += 1
                let target = predecessors[block][next]
                if !seen[target] {
                    seen[target] = true
                    stack.append((target, 0))
                }
            } else {
                result.append(block)
                stack.removeLast()
            }
        }
        return result
    }
}
