/// Which blocks of a function run or do not run by the outcome of a branch.
struct X86ControlDependence {
    private let flow: X86Flow
    /// The next block that every path from a block to the way out passes; -1 where none leads out.
    private var next: [Int]

    /// Steps for one function; what is not marked by then counts as code that always runs.
    private static let workLimit = 2_000_000

    init(_ flow: X86Flow) {
        self.flow = flow
        next = []
        // Ways that end in a call that never returns are none: `if (!ok) abort();` does not make the rest conditional.
        var exits = flow.predecessors[flow.exit]
        next = Self.postdominators(flow, exits)
        guard next[0] < 0 else { return }
        // A function that never returns: leaving an endless loop counts as its end, then any end of a path.
        exits += Self.endlessLoops(flow, next)
        next = Self.postdominators(flow, exits)
        guard next[0] < 0 else { return }
        exits += flow.blocks.indices.filter { flow.blocks[$0].successors.isEmpty }
        next = Self.postdominators(flow, exits)
    }

    /// Blocks that depend, over any number of steps, on the branches at the end of `branches`.
    func dependents(on branches: [Int]) -> [Bool] {
        var marked = [Bool](repeating: false, count: flow.blocks.count)
        var open = branches
        var seen = Set(branches)
        var work = 0
        while let branch = open.popLast(), work < Self.workLimit {
            let found = directDependents(on: branch)
            work += found.count + 1
            for block in found where !marked[block] {
                marked[block] = true
                if flow.blocks[block].successors.count > 1, seen.insert(block).inserted { open.append(block) }
            }
        }
        return marked
    }

    private func directDependents(on branch: Int) -> [Int] {
        let successors = flow.blocks[branch].successors
        guard successors.count > 1 else { return [] }
        guard next[branch] >= 0 else { return difference(successors) }
        var result: [Int] = []
        for successor in successors {
            var runner = successor
            var steps = 0
            while runner != next[branch], runner < flow.exit, steps <= flow.blocks.count {
                steps += 1
                guard next[runner] >= 0 else {
                    result += reached(from: runner).filter { next[$0] < 0 }
                    break
                }
                result.append(runner)
                runner = next[runner]
            }
        }
        return result
    }

    /// Where no way leads out: what only one of the ways reaches.
    private func difference(_ successors: [Int]) -> [Int] {
        let reaches = successors.filter { $0 < flow.exit }.map { Set(reached(from: $0)) }
        guard let first = reaches.first else { return [] }
        let common = successors.contains(flow.exit) ? [] : reaches.dropFirst().reduce(first) { $0.intersection($1) }
        return Array(reaches.reduce(Set<Int>()) { $0.union($1) }.subtracting(common))
    }

    private func reached(from block: Int) -> [Int] {
        var seen = Set([block])
        var open = [block]
        while let current = open.popLast() {
            for successor in flow.blocks[current].successors where successor < flow.exit {
                if seen.insert(successor).inserted { open.append(successor) }
            }
        }
        return Array(seen)
    }

    // MARK: Postdominators (the iterative algorithm over the reversed graph)

    private static func postdominators(_ flow: X86Flow, _ exits: [Int]) -> [Int] {
        let isExit = Set(exits)
        let order = reversedOrder(flow, exits)
        var rank = [Int](repeating: -1, count: flow.blocks.count + 1)
        for (position, block) in order.enumerated() { rank[block] = position }
        var next = [Int](repeating: -1, count: flow.blocks.count + 1)
        next[flow.exit] = flow.exit
        var isChanged = true
        var rounds = 0
        while isChanged {
            isChanged = false
            rounds += 1
            // Compilers' code settles in a handful of rounds.
            guard rounds < 100 else { return [Int](repeating: -1, count: flow.blocks.count + 1) }
            for block in order where block != flow.exit {
                var new = -1
                let successors =
                    flow.blocks[block].successors.filter { $0 != flow.exit }
                    + (isExit.contains(block) ? [flow.exit] : [])
                for successor in successors where next[successor] >= 0 {
                    new = new < 0 ? successor : intersection(new, successor, next, rank)
                }
                if new != next[block] {
                    next[block] = new
                    isChanged = true
                }
            }
        }
        return next
    }

    private static func intersection(_ first: Int, _ second: Int, _ next: [Int], _ rank: [Int]) -> Int {
        var first = first
        var second = second
        while first != second {
            while rank[first] > rank[second] { first = next[first] }
            while rank[second] > rank[first] { second = next[second] }
        }
        return first
    }

    /// Reverse postorder of the reversed graph, the way out first.
    private static func reversedOrder(_ flow: X86Flow, _ exits: [Int]) -> [Int] {
        var order: [Int] = []
        var seen = [Bool](repeating: false, count: flow.blocks.count + 1)
        var stack: [(block: Int, nextChild: Int)] = [(flow.exit, 0)]
        seen[flow.exit] = true
        while let top = stack.last {
            let children = top.block == flow.exit ? exits : flow.predecessors[top.block]
            if top.nextChild < children.count {
                stack[stack.count - 1].nextChild += 1
                let child = children[top.nextChild]
                if !seen[child] {
                    seen[child] = true
                    stack.append((child, 0))
                }
            } else {
                order.append(top.block)
                stack.removeLast()
            }
        }
        return order.reversed()
    }

    /// Blocks that jump back in loops from which no way leads out.
    private static func endlessLoops(_ flow: X86Flow, _ next: [Int]) -> [Int] {
        var result: [Int] = []
        var state = [UInt8](repeating: 0, count: flow.blocks.count)
        var stack: [(block: Int, nextChild: Int)] = [(0, 0)]
        state[0] = 1
        while let top = stack.last {
            let successors = flow.blocks[top.block].successors
            if top.nextChild < successors.count {
                stack[stack.count - 1].nextChild += 1
                let successor = successors[top.nextChild]
                guard successor < flow.exit else { continue }
                if state[successor] == 1, next[top.block] < 0 { result.append(top.block) }
                if state[successor] == 0 {
                    state[successor] = 1
                    stack.append((successor, 0))
                }
            } else {
                state[top.block] = 2
                stack.removeLast()
            }
        }
        return result
    }
}
