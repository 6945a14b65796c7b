/// What a function does with the CPU's answers, as its callers see it.
struct X86Summary: Equatable {
    /// Of the result: the CPU, or parameters that hold or point to the CPU's answers.
    var result: X86State.Taint = 0
    /// Stores of such values through pointers that came as parameters.
    var stores: Set<Store> = []
    /// Stores into the caller's frame, relative to the stack pointer at the function's start (Go's older convention).
    var frameStores: Set<Int64> = []
    /// The address inside the image that it always gives back, as accessors do; `nil` when none or not always one.
    var address: UInt64?
    /// Whether it executes CPUID or XGETBV itself.
    var asks = false

    struct Store: Hashable {
        var parameter: Int
        var offset: Int64
        var size: UInt8
        var taint: X86State.Taint
    }

    /// Stores that are kept; a function that fills more through one pointer fills all that follows it.
    static let storeLimit = 64

    /// Keeps what was known before, so that functions that call each other settle.
    mutating func add(_ before: X86Summary) {
        result |= before.result
        if stores.count < Self.storeLimit { stores.formUnion(before.stores) }
        frameStores.formUnion(before.frameStores)
        if address != before.address, !before.isEmpty { address = nil }
    }

    var isEmpty: Bool { result == 0 && stores.isEmpty && frameStores.isEmpty && address == nil }

    /// Whether callers learn from it of the CPU without passing anything.
    var tellsOfCPU: Bool {
        X86State.isCPU(result) || !frameStores.isEmpty || stores.contains { X86State.isCPU($0.taint) }
    }
}

/// What the analysis of one function found.
struct X86Findings {
    var summary = X86Summary()
    /// Stores of the CPU's answers to fixed addresses.
    var words: [Word] = []
    /// By the address of a call: the function that it calls, with a bit for each argument that is an answer of the CPU.
    var arguments: [UInt64: (function: Int, parameters: UInt8)] = [:]
    /// Functions whose own summary is needed: they get pointers to the CPU's answers.
    var wanted: Set<Int> = []
    /// What the function refers to, without what it refers to behind a check.
    var free: [X86Event] = []
    /// What it refers to behind a check.
    var guarded: [X86Event] = []
    /// Features of instructions behind a check, as bits by their numbers.
    var guardedFeatures: UInt64 = 0
    var hasCheck = false
    /// Whether it executes CPUID or XGETBV itself.
    var hasQuery = false
    /// Whether it calls a function that executes them and gives back what it learned.
    var callsQuery = false
    /// Whether it stores answers where they could not be followed: objects on the heap.
    var keepsElsewhere = false
    /// Instructions looked at, over all passes.
    var work = 0
    var isComplete = true

    struct Word {
        var address: UInt64
        /// In bytes.
        var size: UInt64
        /// A constant that was stored behind a check, not a value computed from answers.
        var isChosen: Bool
    }
}
