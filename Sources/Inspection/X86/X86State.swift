/// What is known of the machine's registers and stack at one point of a function.
struct X86State {
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

    struct Cell {
        var taint: Taint = 0
        var value: Value = .unknown
        /// Instructions that made the address that this holds, as bits of the analysis' own numbering.
        var origins: UInt64 = 0

        /// What holds on two ways; true when that is less than was known on the first.
        mutating func merge(_ other: Cell) -> Bool {
            var isChanged = taint | other.taint != taint || origins | other.origins != origins
            taint |= other.taint
            origins |= other.origins
            if value != .unknown, value != other.value {
                value = .unknown
                isChanged = true
            }
            return isChanged
        }
    }

    /// 16 general purpose registers and the flags.
    var registers = [Cell](repeating: Cell(), count: 17)
    /// Vector and mask registers that hold answers of the CPU, as bits by their numbers.
    var vectors: UInt64 = 0
    /// Places of the stack in ascending order.
    private var places: [Int64] = []
    private var cells: [Cell] = []

    /// Cells of a stack frame; what lies beyond is forgotten.
    private static let stackLimit = 1024

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

    /// Of all registers in a mask as the decoder gives it.
    func taint(ofRegisters mask: UInt64) -> Taint {
        var result: Taint = vectors & mask != 0 ? Self.cpu : 0
        var rest = mask & 0x1ffff
        while rest != 0 {
            result |= registers[rest.trailingZeroBitCount].taint
            rest &= rest - 1
        }
        return result
    }

    /// What holds on two ways; true when that is less than was known on the first.
    mutating func merge(_ other: X86State) -> Bool {
        var isChanged = vectors | other.vectors != vectors
        vectors |= other.vectors
        for index in registers.indices where registers[index].merge(other.registers[index]) { isChanged = true }
        return mergeStack(other) || isChanged
    }

    /// Of addresses that a register holds on one way and not on the other.
    func differingOrigins(_ other: X86State) -> UInt64 {
        var result: UInt64 = 0
        for (here, there) in zip(registers, other.registers) where here.origins != there.origins {
            result |= here.origins | there.origins
        }
        return result
    }

    private mutating func mergeStack(_ other: X86State) -> Bool {
        var isChanged = false
        var added: [(Int64, Cell)] = []
        var index = 0
        for (place, cell) in zip(other.places, other.cells) {
            // Not known on the other way: of the value nothing is kept.
            while index < places.count, places[index] < place {
                if cells[index].merge(Cell()) { isChanged = true }
                index += 1
            }
            if index < places.count, places[index] == place {
                if cells[index].merge(cell) { isChanged = true }
                index += 1
            } else if cell.taint != 0 || cell.origins != 0 {
                added.append((place, Cell(taint: cell.taint, origins: cell.origins)))
            }
        }
        while index < places.count {
            if cells[index].merge(Cell()) { isChanged = true }
            index += 1
        }
        for (place, cell) in added where places.count < Self.stackLimit {
            put(cell, at: place)
            isChanged = true
        }
        return isChanged
    }

    // MARK: Stack

    mutating func store(_ cell: Cell, at place: Int64, size: UInt8) {
        let first = index(from: place)
        var last = first
        while last < places.count, places[last] &- place < Int64(max(size, 1)) { last += 1 }
        if first < last {
            places.replaceSubrange(first..<last, with: CollectionOfOne(place))
            cells.replaceSubrange(first..<last, with: CollectionOfOne(cell))
        } else if places.count < Self.stackLimit {
            places.insert(place, at: first)
            cells.insert(cell, at: first)
        }
    }

    func load(_ place: Int64, size: UInt8) -> Cell {
        let index = index(from: place)
        if index < places.count, places[index] == place, size <= 8 { return cells[index] }
        return Cell(taint: stackTaint(place, Int64(size)))
    }

    /// Of any cell that lies in or reaches into some bytes of the stack.
    func stackTaint(_ place: Int64, _ size: Int64) -> Taint {
        var taint: Taint = 0
        // A cell of up to eight bytes may begin before the range.
        var index = index(from: place &- 7)
        while index < places.count, places[index] &- place < max(size, 1) {
            taint |= cells[index].taint
            index += 1
        }
        return taint
    }

    private mutating func put(_ cell: Cell, at place: Int64) {
        let index = index(from: place)
        places.insert(place, at: index)
        cells.insert(cell, at: index)
    }

    private func index(from place: Int64) -> Int {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
