internal import LambdaModel

/// Finds functions and source lines for the addresses of a crash: names from the files' own symbol tables, inlined
/// functions and lines from llvm-symbolizer or addr2line, where one is on this machine.
struct CrashSymbolizer {
    var files: ModuleFiles
    var toolPath: String?

    /// For all addresses together.
    var limit = CrashContext.symbolizerLimit
    /// The program, the library that it died in, and a few between them.
    private static let maximumModules = 4

    /// The program counter, where a file is mapped there, then the return addresses that lie behind a call.
    func symbolize(_ facts: CrashFacts) async -> [SymbolizedFrame] {
        var frames: [SymbolizedFrame] = []
        if let module = facts.module {
            frames.append(frame(facts.programCounter, module, isReturnAddress: false))
        }
        for entry in facts.returnAddresses.prefix(32) {
            guard let module = entry.module, followsCall(entry.address, module, facts.architecture) else { continue }
            frames.append(frame(entry.address, module, isReturnAddress: true))
        }
        await addSources(to: &frames)
        return frames
    }

    private func frame(_ address: UInt64, _ module: CrashFacts.Module, isReturnAddress: Bool) -> SymbolizedFrame {
        var frame = SymbolizedFrame(address: address, isReturnAddress: isReturnAddress, module: module, sources: [])
        frame.symbol = files.file(module.path)?.functions.function(at: frame.lookup)
        return frame
    }

    /// A scan of the stack finds old words too; a return address has a call before it. Where the file cannot tell, the
    /// address is believed.
    private func followsCall(_ address: UInt64, _ module: CrashFacts.Module, _ architecture: Architecture) -> Bool {
        guard files.file(module.path) != nil, address >= 8 else { return true }
        let code = files.bytes(module, address: address &- 8, count: 8)
        guard code.count == 8 else { return false }
        return architecture == .arm64 ? CallSite.endsARM64(code) : CallSite.endsX86(code)
    }

    private func addSources(to frames: inout [SymbolizedFrame]) async {
        guard let tool = Symbolizer(toolPath: toolPath) else { return }
        let deadline = ContinuousClock.now + limit
        var modules: [CrashFacts.Module] = []
        for frame in frames where !modules.contains(frame.module) { modules.append(frame.module) }
        // The program first: its lines are what the reader wants.
        modules.sort { !FrameOrigin.isForeign(module: $0.path) && FrameOrigin.isForeign(module: $1.path) }
        for module in modules.prefix(Self.maximumModules) {
            let indices = frames.indices.filter { frames[$0].module == module }
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else { return }
            let answers = await tool.sources(module.path, indices.map { frames[$0].lookup }, within: remaining)
            for (index, sources) in zip(indices, answers) { frames[index].sources = sources }
        }
        await addNearLine(to: &frames, tool, before: deadline)
    }

    /// Compilers give line 0 to instructions that come from several lines, as vectorised loops are full of. For the place
    /// of the crash the closest line of the same function is better than none.
    private func addNearLine(
        to frames: inout [SymbolizedFrame],
        _ tool: Symbolizer,
        before deadline: ContinuousClock.Instant
    ) async {
        guard let frame = frames.first, !frame.isReturnAddress, let shown = frame.shown, shown.file != nil,
            shown.line == nil, let offset = frame.symbol?.offset
        else { return }
        let remaining = ContinuousClock.now.duration(to: deadline)
        guard remaining > .zero else { return }
        // Behind it first: such instructions mostly prepare the loop that follows.
        let before = stride(from: UInt64(1), through: min(offset, 64), by: 3).map { frame.lookup &- $0 }
        let behind = stride(from: UInt64(4), through: 64, by: 4).map { frame.lookup &+ $0 }
        let answers = await tool.sources(frame.module.path, behind + before, within: remaining)
        let near = answers.lazy.compactMap { sources in
            sources.first { $0.line != nil && $0.file == shown.file && $0.function == shown.function }
        }
        frames[0].nearLine = near.first?.line
    }
}

extension SymbolizedFrame {
    /// In the file: of a return address the last byte of its call, because the next instruction may be of another line
    /// or even another function.
    fileprivate var lookup: UInt64 {
        (address &- module.loadBias) &- (isReturnAddress ? 1 : 0)
    }
}
