/// Where execution of an image can begin without anything inside it leading there.
enum X86Roots {
    /// Addresses of code: the entry point, initialisers and finalisers, and a library's exported functions.
    static func addresses(of image: X86Image) -> [UInt64] {
        var result: [UInt64] = []
        if image.file.header.entry != 0, !image.isSharedObject { result.append(image.file.header.entry) }
        if let dynamic = image.file.dynamic {
            typealias Tag = ELFDynamic.Tag
            result += [dynamic[Tag.initialiser], dynamic[Tag.finaliser]].compactMap { $0 }
            for (start, size) in [
                (Tag.preinitArray, Tag.preinitArraySize), (Tag.initArray, Tag.initArraySize),
                (Tag.finiArray, Tag.finiArraySize),
            ] {
                guard let start = dynamic[start], let size = dynamic[size], let range = image.backed(start, size)
                else {
                    continue
                }
                result += words(image, range)
            }
        }
        for section in image.file.sections
        where [".init_array", ".preinit_array", ".fini_array", ".ctors", ".dtors"].contains(section.name) {
            if let range = image.backed(section.address, section.size) { result += words(image, range) }
        }
        // Static programs run these by name of the section, not by a pointer.
        for section in image.file.sections where section.name == ".init" || section.name == ".fini" {
            result.append(section.address)
        }
        if image.isSharedObject {
            for symbol in image.symbols where symbol.isDynamic && symbol.isDefined && symbol.kind == .function {
                result.append(symbol.address)
            }
        }
        return result.filter { image.isCode($0) }
    }

    /// The pointers in an array of the image, at most 100,000.
    private static func words(_ image: X86Image, _ range: Range<UInt64>) -> [UInt64] {
        stride(from: range.lowerBound, to: range.upperBound, by: 8).prefix(100_000).compactMap {
            image.pointer(at: $0)
        }
    }
}

extension X86Roots {
    static func functions(of program: X86Program) -> [Int] {
        var seen: Set<Int> = []
        var result = addresses(of: program.image).compactMap { program.functions.index(holding: $0) }
        result += program.image.resolvers.sorted().compactMap { program.functions.index(holding: $0) }
        result += goInitialisers(of: program)
        return result.filter { seen.insert($0).inserted }
    }

    /// Since 1.21 Go lists the initialisers of packages in its description of the module, which is not followed.
    private static func goInitialisers(of program: X86Program) -> [Int] {
        program.functions.list.indices.filter { function in
            guard program.functions.list[function].label < 0, let name = program.knownName(of: function) else {
                return false
            }
            return name == "main.main" || name.hasSuffix(".init") || name.contains(".init.")
        }
    }
}
