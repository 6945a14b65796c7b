/// Who calls a function, and who refers to data that can change.
struct X86ReferenceIndex {
    private let program: X86Program
    /// Numbers of callers, those of one function together.
    private var callerNumbers: [Int32] = []
    /// Where the callers of each function begin, with the end of the last as one more entry.
    private var firstCaller: [Int32] = []
    private var useCounts: [Int32] = []
    /// References to data in ascending order of the address.
    private var references: [(target: UInt64, function: Int32)] = []

    init(_ context: X86Context) {
        program = context.program
        indexCalls(context)
        indexReferences()
    }

    func callers(of function: Int) -> [Int] {
        callerNumbers[Int(firstCaller[function])..<Int(firstCaller[function + 1])].map(Int.init)
    }

    /// How often a function is called, jumped to or pointed to.
    func uses(of function: Int) -> Int { Int(useCounts[function]) }

    /// Functions that refer to some of the words, or to what begins up to 63 bytes before them.
    func referents(of words: X86FeatureWords) -> [Int] {
        var result: Set<Int> = []
        for line in words.lineAddresses {
            var index = firstReference(from: line &- min(line, 63))
            while index < references.count, references[index].target <= line &+ 63 {
                if words.contains(references[index].target, 64) { result.insert(Int(references[index].function)) }
                index += 1
            }
        }
        return Array(result)
    }

    private mutating func indexCalls(_ context: X86Context) {
        let count = program.functions.list.count
        useCounts = Array(repeating: 0, count: count)
        var calls: [(callee: Int32, caller: Int32)] = []
        for caller in 0..<count {
            for event in program.events(of: caller) where event.isEdge {
                guard let named = program.functions.index(startingAt: event.target) else { continue }
                useCounts[named] &+= 1
                guard event.kind == .call || event.kind == .jump || event.kind == .branch else { continue }
                let callee = context.resolved(named)
                if callee != named { useCounts[callee] &+= 1 }
                calls.append((Int32(callee), Int32(caller)))
            }
        }
        for pointer in program.image.pointers {
            if let function = program.functions.index(startingAt: pointer.target) { useCounts[function] &+= 1 }
        }
        group(calls, count)
    }

    /// Counting sort by callee.
    private mutating func group(_ calls: [(callee: Int32, caller: Int32)], _ count: Int) {
        firstCaller = Array(repeating: 0, count: count + 1)
        for call in calls { firstCaller[Int(call.callee) + 1] += 1 }
        for function in 0..<count { firstCaller[function + 1] += firstCaller[function] }
        var next = firstCaller
        callerNumbers = Array(repeating: 0, count: calls.count)
        for call in calls {
            callerNumbers[Int(next[Int(call.callee)])] = call.caller
            next[Int(call.callee)] += 1
        }
    }

    private mutating func indexReferences() {
        let image = program.image
        for function in program.functions.list.indices {
            for event in program.events(of: function) where event.isReference {
                guard image.file.isWritable(address: event.target) else { continue }
                references.append((event.target, Int32(function)))
                // Over the GOT.
                if let target = image.pointer(at: event.target) { references.append((target, Int32(function))) }
            }
        }
        references.sort { $0.target < $1.target }
    }

    private func firstReference(from address: UInt64) -> Int {
        var low = 0
        var high = references.count
        while low < high {
            let middle = (low + high) / 2
            if references[middle].target < address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
