/// Where in a program something happened.
package struct CrashLocation: Sendable, Hashable {
    /// The function as people write it; of functions inlined into one another the innermost that is the user's own.
    package var function: String?
    /// The function that the linker knows, where `function` was inlined into it.
    package var inlinedInto: String?
    /// From the start of the linker's function, in bytes.
    package var offset: UInt64?
    /// Relative to the source or task directory where it lies inside.
    package var file: String?
    package var line: Int?
    /// Whether the compiler named the line for this very instruction, rather than for one close by.
    package var isLineExact = true
    /// The mapped file on this machine.
    package var module: String?
    /// In the module's own addresses; of memory where no file is mapped.
    package var address: UInt64

    package init(
        function: String? = nil,
        inlinedInto: String? = nil,
        offset: UInt64? = nil,
        file: String? = nil,
        line: Int? = nil,
        module: String? = nil,
        address: UInt64 = 0
    ) {
        self.function = function
        self.inlinedInto = inlinedInto
        self.offset = offset
        self.file = file
        self.line = line
        self.module = module
        self.address = address
    }

    /// `main::checksum+0x2c`, `bootstrap at 0x14607`.
    var place: String {
        let hexOffset = offset.map { "+0x" + String($0, radix: 16) } ?? ""
        if let function, let inlinedInto { return "\(function) in \(inlinedInto)\(hexOffset)" }
        if let function { return function + hexOffset }
        let name = module?.split(separator: "/").last.map(String.init) ?? "memory"
        return "\(name) at 0x" + String(address, radix: 16)
    }

    /// `src/main.rs:10`; empty where it is not known.
    var source: String {
        guard let file else { return "" }
        return line.map { (isLineExact ? "" : "near ") + "\(file):\($0)" } ?? file
    }
}
