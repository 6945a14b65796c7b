/// Which functions an image's roots lead to, by calls, jumps and pointers, the nearest first.
struct X86Reachability {
    private let program: X86Program
    private let guards: X86Guards
    private let data: X86DataObjects
    /// The function from which each one was first reached; itself for a root.
    private(set) var parent: [Int: Int] = [:]
    /// In the order in which they were reached.
    private(set) var order: [Int] = []
    private var seenObjects: Set<UInt64> = []
    /// Of all objects that were looked at; more than a few times the file only where damaged headers make them overlap.
    private var objectBytes = 0
    /// Whether all data that is in use was followed.
    private(set) var isComplete = true
    /// The start of each array of initialisers or finalisers by its end.
    private let arrayStarts: [UInt64: UInt64]

    init(_ program: X86Program, _ guards: X86Guards, _ data: X86DataObjects) {
        self.program = program
        self.guards = guards
        self.data = data
        let arrays = program.image.file.sections.filter { $0.name.hasSuffix("_array") }
        arrayStarts = Dictionary(
            arrays.map { ($0.address &+ $0.size, $0.address) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    mutating func run(from roots: [Int]) {
        for root in roots { visit(root, from: root) }
        for section in data.roots { visitObject(section, from: roots.first ?? 0) }
        drain(from: 0)
    }

    /// What lies only behind checks, for the list of features that are used with one.
    mutating func runGuarded() -> [Int] {
        let first = order.count
        let edges = order.flatMap { function in
            (guards.findings[function]?.guarded ?? []).map { (function, $0) }
        }
        for (function, event) in edges { follow(event, from: function) }
        drain(from: first)
        return Array(order[first...])
    }

    /// Names from the root to a function.
    func path(to function: Int) -> [String] {
        var result = [function]
        while let last = result.last, let previous = parent[last], previous != last, result.count < 64 {
            result.append(previous)
        }
        return result.reversed().map { program.name(of: $0) }
    }

    private mutating func drain(from first: Int) {
        var next = first
        while next < order.count {
            let function = order[next]
            next += 1
            if let found = guards.findings[function] {
                for event in found.free where event.isEdge { follow(event, from: function) }
            } else {
                for event in program.events(of: function) where event.isEdge { follow(event, from: function) }
            }
        }
    }

    private mutating func visit(_ function: Int, from origin: Int) {
        guard parent[function] == nil else { return }
        parent[function] = origin
        order.append(function)
    }

    private mutating func follow(_ event: X86Event, from function: Int) {
        // Whoever runs through an array of initialisers also refers to its end, where something else begins.
        if event.isReference, let start = arrayStarts[event.target],
            program.events(of: function).contains(where: { $0.isReference && $0.target == start })
        {
            return
        }
        visitAddress(event.target, from: function, isExact: event.kind == .runOn || event.kind == .number)
    }

    private mutating func visitAddress(_ address: UInt64, from function: Int, isExact: Bool) {
        if let target = program.functions.index(holding: address) {
            guard target != function, !isExact || program.functions.list[target].start == address else { return }
            visit(target, from: function)
        } else {
            visitObject(address, from: function)
        }
    }

    private mutating func visitObject(_ address: UInt64, from function: Int) {
        var open = [address]
        while let next = open.popLast() {
            guard let object = data.object(holding: next), seenObjects.insert(object.lowerBound).inserted else {
                continue
            }
            objectBytes += Int(clamping: object.upperBound - object.lowerBound)
            guard objectBytes <= 4 * program.image.file.bytes.count else {
                isComplete = false
                return
            }
            for target in data.targets(of: object) {
                if let reached = program.functions.index(startingAt: target) {
                    visit(reached, from: function)
                } else if program.functions.index(holding: target) == nil {
                    open.append(target)
                }
            }
        }
    }
}
