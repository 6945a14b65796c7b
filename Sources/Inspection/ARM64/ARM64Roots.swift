/// Where the loader and the kernel enter a file.
enum ARM64Roots {
    /// The entry point, initialisers and finalisers; of a library all that it exports, too.
    static func addresses(of image: ARM64Image) -> [UInt64] {
        var result: [UInt64] = []
        if image.file.header.entry != 0 { result.append(image.file.header.entry) }
        result += initialisers(of: image)
        if image.isSharedObject {
            for symbol in image.file.dynamicSymbols where symbol.isDefined && symbol.address != 0 {
                switch symbol.kind {
                case .function, .indirectFunction, .object, .none: result.append(symbol.address)
                default: break
                }
            }
        }
        return result
    }

    private static func initialisers(of image: ARM64Image) -> [UInt64] {
        typealias Tag = ELFDynamic.Tag
        var result: [UInt64] = []
        var arrays: [(UInt64, UInt64)] = []
        if let dynamic = image.file.dynamic {
            result += [Tag.initialiser, Tag.finaliser].compactMap { dynamic[$0] }
            for (start, size) in [
                (Tag.initArray, Tag.initArraySize), (Tag.finiArray, Tag.finiArraySize),
                (Tag.preinitArray, Tag.preinitArraySize),
            ] {
                if let start = dynamic[start], let size = dynamic[size] { arrays.append((start, size)) }
            }
        }
        // Static programs have no dynamic section; their start code finds the arrays by symbols of the linker.
        for name in [".preinit_array", ".init_array", ".fini_array"] {
            if let section = image.file.section(named: name) { arrays.append((section.address, section.size)) }
        }
        for name in [".init", ".fini"] {
            if let section = image.file.section(named: name) { result.append(section.address) }
        }
        for (start, size) in arrays where size < 1 << 24 {
            for offset in stride(from: 0, to: size, by: 8) {
                if let target = image.pointer(at: start &+ offset) { result.append(target) }
            }
        }
        return result
    }
}
