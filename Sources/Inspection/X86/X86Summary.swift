/// What a function does with the CPU's answers, as its callers see it.
struct X86Summary: Equatable {
    /// Of the result: the CPU, or parameters that hold or point to the CPU's answers.
    var result: X86State.Taint = 0
    /// Stores of such values through pointers that came as parameters.
    var stores: Set<Store> = []
    /// Stores into the caller's frame, relative to the stack pointer at the function's start (Go's older convention).
    var frameStores: Set<Int64> = []

    struct Store: Hashable {
        var parameter: Int
        var offset: Int64
        var size: UInt8
        var taint: X86State.Taint
    }

    /// Stores that are kept; a function that fills more through one pointer fills all that follows it.
    static let storeLimit = 64

    var isEmpty: Bool { result == 0 && stores.isEmpty && frameStores.isEmpty }

    /// Whether callers learn from it of the CPU without passing anything.
    var tellsOfCPU: Bool {
        X86State.isCPU(result) || !frameStores.isEmpty || stores.contains { X86State.isCPU($0.taint) }
    }
}

/// What the analysis of one function found.
struct X86Findings {
    var summary = X86Summary()
    /// Stores of the CPU's answers to fixed addresses.
    var words: [(address: UInt64, size: UInt64)] = []
    /// Functions that get the CPU's answers as arguments, with a bit for each parameter.
    var arguments: [(function: Int, parameters: UInt8)] = []
    /// Functions whose own summary is needed: they get pointers to the CPU's answers.
    var wanted: Set<Int> = []
    /// What the function refers to, without what it refers to behind a check.
    var free: [X86Event] = []
    /// What it refers to behind a check.
    var guarded: [X86Event] = []
    /// Features of instructions behind a check, as bits by their numbers.
    var guardedFeatures: UInt64 = 0
    var hasCheck = false
}
