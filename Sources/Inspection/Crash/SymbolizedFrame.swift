internal import LambdaModel

/// An address of the crashed process with what is known of it.
struct SymbolizedFrame: Sendable, Hashable {
    /// In memory.
    var address: UInt64
    /// Behind a call, rather than the program counter itself.
    var isReturnAddress: Bool
    var module: CrashFacts.Module
    /// The linker's function that holds the address, and the distance from its start in bytes.
    var symbol: Symbol?
    /// Functions at the address, innermost first; the last is the linker's own.
    var sources: [SourceFrame]
    /// A line of the same function close by, where the compiler named none for the address itself.
    var nearLine: Int?

    struct Symbol: Sendable, Hashable {
        var name: String
        var offset: UInt64
    }

    /// Whether it is code that the function's author can change.
    ///
    /// A frame of which nothing is known counts when its file is not a runtime's: better a place than none.
    var isUsers: Bool {
        guard !FrameOrigin.isForeign(module: module.path) else { return false }
        if let symbol, sources.allSatisfy({ $0.file == nil }), FrameOrigin.isForeign(function: symbol.name) {
            return false
        }
        return sources.isEmpty || sources.contains { !$0.isForeign }
    }

    /// The innermost function that is the user's own, else the linker's.
    var shown: SourceFrame? { sources.first { !$0.isForeign } ?? sources.last }

    /// The frame as a place: the innermost function that is the user's own, else the linker's.
    func location(in directories: [String]) -> CrashLocation {
        let physical = sources.last
        let linkerName = physical?.function ?? symbol.map { SymbolName.readable($0.name) }
        let isInlined = shown != physical && shown?.function != nil && shown?.function != linkerName
        var location = CrashLocation(
            function: isInlined ? shown?.function : linkerName,
            inlinedInto: isInlined ? linkerName : nil,
            offset: symbol?.offset,
            file: shown?.file.map { SourcePath.short($0, in: directories) },
            line: shown?.line,
            module: module.path,
            address: address &- module.loadBias
        )
        if let nearLine, location.line == nil {
            location.line = nearLine
            location.isLineExact = false
        }
        return location
    }
}
