/// llvm-symbolizer, or addr2line where that is missing.
struct Symbolizer {
    private enum Dialect { case llvm, binutils }

    private let tool: AnalysisTool
    private let dialect: Dialect

    /// Looks in `PATH` and beside the Swift compiler; `nil` when this machine has neither.
    init?(toolPath: String?) {
        let beside = AnalysisTool.toolchainDirectories(searchPath: toolPath)
        if let llvm = AnalysisTool(named: ["llvm-symbolizer"], searchPath: toolPath, also: beside) {
            (tool, dialect) = (llvm, .llvm)
        } else if let binutils = AnalysisTool(
            named: ["addr2line", "llvm-addr2line"],
            searchPath: toolPath,
            also: beside
        ) {
            (tool, dialect) = (binutils, .binutils)
        } else {
            return nil
        }
    }

    /// The functions at each address of a file, innermost first; empty when the tool has no answer.
    func sources(_ path: String, _ addresses: [UInt64], within limit: Duration) async -> [[SourceFrame]] {
        let words = addresses.map { "0x" + String($0, radix: 16) }
        switch dialect {
        case .llvm:
            let text = await tool.output(["--obj=\(path)", "--inlines", "--output-style=LLVM"] + words, within: limit)
            return text.map { SymbolizerOutput.llvm($0, count: addresses.count) } ?? []
        case .binutils:
            let text = await tool.output(["-a", "-i", "-f", "-C", "-e", path] + words, within: limit)
            return text.map { SymbolizerOutput.addr2line($0, count: addresses.count) } ?? []
        }
    }
}
