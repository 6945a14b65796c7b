/// What is known of the machine's registers and stack at one point of a function.
struct X86State: Equatable {
    /// Where a value comes from, as bits: the CPU's answers, the parameters of the function.
    typealias Taint = UInt8
    /// The value tells which features the CPU has.
    static let cpu: Taint = 1
    /// The value was chosen by a branch that depends on the CPU.
    static let chosen: Taint = 0x80
    static let parameters = 6

    static func parameter(_ number: Int) -> Taint { 2 << Taint(number) }
    static func isCPU(_ taint: Taint) -> Bool { taint & (cpu | chosen) != 0 }

    enum Value: Equatable {
        case unknown
        /// An address inside the image.
        case address(UInt64)
        /// Relative to the stack pointer at the function's start.
        case stack(Int64)
        /// A pointer that came in a parameter, and what was added to it.
        case parameter(Int, Int64)
    }

    struct Cell: Equatable {
        var taint: Taint = 0
        var value: Value = .unknown
        /// Instructions that made the address that this holds.
        var origins: [Int32] = []

        /// What holds on two ways; true when that is less than was known on the first.
        mutating func merge(_ other: Cell) -> Bool {
            var isChanged = taint | other.taint != taint
            taint |= other.taint
            if value != .unknown, value != other.value {
                value = .unknown
                isChanged = true
            }
            guard !other.origins.isEmpty, origins != other.origins else { return isChanged }
            let union = Array(Set(origins).union(other.origins).sorted().suffix(X86State.originLimit))
            if union != origins {
                origins = union
                isChanged = true
            }
            return isChanged
        }
    }

    /// Addresses that one value is chosen from; more are forgotten.
    static let originLimit = 16

    /// 16 general purpose registers, the flags, 32 vector registers, 8 mask registers.
    var registers = [Cell](repeating: Cell(), count: 57)
    var stack: [Int64: Cell] = [:]

    /// Cells of a stack frame; what lies beyond is forgotten.
    private static let stackLimit = 2048

    /// At the start of a function.
    static func entry(parameterRegisters: [Int], tainted: UInt8) -> X86State {
        var state = X86State()
        state.registers[4].value = .stack(0)
        for (number, register) in parameterRegisters.prefix(parameters).enumerated() {
            state.registers[register].value = .parameter(number, 0)
            state.registers[register].taint = parameter(number) | (tainted & 1 << UInt8(number) != 0 ? cpu : 0)
        }
        return state
    }

    /// What holds on two ways; true when that is less than was known on the first.
    mutating func merge(_ other: X86State) -> Bool {
        var isChanged = false
        for index in registers.indices where registers[index].merge(other.registers[index]) { isChanged = true }
        for (place, cell) in other.stack where stack[place] == nil && (cell.taint != 0 || !cell.origins.isEmpty) {
            // Not known on the other way: only what may harm is kept.
            stack[place] = Cell(taint: cell.taint, value: .unknown, origins: cell.origins)
            isChanged = true
        }
        for place in Array(stack.keys) {
            if stack[place]?.merge(other.stack[place] ?? Cell()) ?? false { isChanged = true }
        }
        return isChanged
    }

    mutating func store(_ cell: Cell, at place: Int64, size: UInt8) {
        for offset in 1..<Int64(max(size, 2)) where offset < Int64(size) { stack[place &+ offset] = nil }
        if stack.count < Self.stackLimit || stack[place] != nil { stack[place] = cell }
    }

    func load(_ place: Int64, size: UInt8) -> Cell {
        if let cell = stack[place] {
            guard size > 8 else { return cell }
            return Cell(taint: cell.taint | stackTaint(place..<(place &+ Int64(size))))
        }
        return Cell(taint: stackTaint(place..<(place &+ Int64(size))))
    }

    /// Of any cell that lies in or reaches into a range of the stack.
    func stackTaint(_ range: Range<Int64>) -> Taint {
        var taint: Taint = 0
        if stack.count < range.count {
            for (place, cell) in stack where range.contains(place) { taint |= cell.taint }
        } else {
            for place in range { taint |= stack[place]?.taint ?? 0 }
        }
        // A wider cell that begins before the range.
        for back in 1..<Int64(8) {
            if let cell = stack[range.lowerBound &- back], cell.taint != 0 { taint |= cell.taint }
        }
        return taint
    }
}
