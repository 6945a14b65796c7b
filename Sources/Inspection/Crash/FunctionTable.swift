/// The functions of one file by address, from its symbol tables.
struct FunctionTable: Sendable {
    private let image: ELFImage
    /// Sorted by address; of several at one address the one with a size, then the global one, comes last.
    private let functions: [ELFSymbol]

    init(image: ELFImage) {
        self.image = image
        functions = image.symbols
            .filter { symbol in
                guard symbol.isDefined, symbol.address != 0 else { return false }
                switch symbol.kind {
                case .function, .indirectFunction: return true
                // Assemblers write labels without a type.
                case .none: return image.isExecutable(address: symbol.address)
                default: return false
                }
            }
            .sorted { left, right in
                (left.address, left.size > 0 ? 1 : 0, left.binding) < (
                    right.address, right.size > 0 ? 1 : 0, right.binding
                )
            }
    }

    /// The function that holds an address of the file. One without a size reaches to the next.
    func function(at address: UInt64) -> SymbolizedFrame.Symbol? {
        var index = upperBound(address)
        // An untyped label inside a function must not hide it: look a few symbols back for one that holds the address.
        let start = max(0, index - 64)
        var unsized: ELFSymbol?
        while index > start {
            index -= 1
            let symbol = functions[index]
            let offset = address &- symbol.address
            if symbol.size > 0 {
                if offset < symbol.size { return named(symbol, offset) }
            } else if unsized == nil, !isMappingSymbol(symbol) {
                unsized = symbol
            }
        }
        guard let unsized, image.isExecutable(address: unsized.address) else { return nil }
        return named(unsized, address &- unsized.address)
    }

    private func named(_ symbol: ELFSymbol, _ offset: UInt64) -> SymbolizedFrame.Symbol? {
        let name = image.name(of: symbol)
        return name.isEmpty ? nil : SymbolizedFrame.Symbol(name: name, offset: offset)
    }

    /// arm64 marks code and data with `$x` and `$d`.
    private func isMappingSymbol(_ symbol: ELFSymbol) -> Bool {
        symbol.kind == .none && image.name(of: symbol).hasPrefix("$")
    }

    /// How many symbols begin at the address or before it.
    private func upperBound(_ address: UInt64) -> Int {
        var low = 0
        var high = functions.count
        while low < high {
            let middle = low + (high - low) / 2
            if functions[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
