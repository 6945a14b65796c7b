/// A shared object with every table that the reader knows, each at a place of its own, so that a test can say what must
/// come out of it. Addresses are file offsets plus `base`.
struct SyntheticELF {
    enum Hash { case sysv, gnu }

    static let base: UInt64 = 0x1000
    var machine: UInt16 = 62
    var hash = Hash.sysv
    var hasSections = true
    var needed = ["libc.so.6", "libx.so.1"]
    var runpath = "$ORIGIN/lib"
    /// DT_RUNPATH; 15 is DT_RPATH.
    var pathTag: UInt64 = 29
    var versions = ["GLIBC_2.34", "GLIBC_2.2.5"]

    /// Text, then the data that RELR points at.
    static let textOffset = 0x400, dataOffset = 0x500

    var bytes: [UInt8] {
        var file = Builder(strings: [""] + needed + ["libme.so", runpath, "first", "second"] + versions)
        file.place(at: 0x400, [UInt8](repeating: 0x90, count: 64))
        file.place(at: 0x500, (0..<128).flatMap { Builder.little(UInt64($0)) })
        let dynsym = file.append(symbols(file))
        let versionNeeds = file.append(versionTable(file))
        let hashTable = file.append(hashBytes)
        let rela = file.append(
            Builder.little(Self.base + 0x500) + Builder.little(UInt64(2) << 32 | 1) + Builder.little(UInt64(7))
        )
        // One address, then a map of the 1st and the 3rd of the 63 words after it.
        let relr = file.append(Builder.little(Self.base + 0x508) + Builder.little(UInt64(0b1011)))
        let note = file.append(
            Builder.little(UInt32(4)) + Builder.little(UInt32(4)) + Builder.little(UInt32(3)) + Array("GNU\0".utf8) + [
                0xde, 0xad, 0xbe, 0xef,
            ]
        )
        let strings = file.append(file.strings)
        let stringsSize = UInt64(file.strings.count)
        var entries: [(UInt64, UInt64)] = needed.map { (1, file.name($0)) }
        entries += [
            (14, file.name("libme.so")), (pathTag, file.name(runpath)), (5, strings), (10, stringsSize), (6, dynsym),
        ]
        entries += [(hash == .sysv ? 4 : 0x6fff_fef5, hashTable), (7, rela), (8, 24), (36, relr), (35, 16)]
        entries += [(0x6fff_fffe, versionNeeds), (0x6fff_ffff, 1), (0, 0)]
        let dynamic = file.append(entries.flatMap { Builder.little($0.0) + Builder.little($0.1) })
        file.header(machine: machine, dynamic: (dynamic, UInt64(entries.count * 16)), note: (note, 20))
        if hasSections { file.sections(dynsym: dynsym, strings: (strings, stringsSize)) }
        return file.bytes
    }

    private func symbols(_ file: Builder) -> [UInt8] {
        func symbol(_ name: String, info: UInt8, section: UInt16, value: UInt64, size: UInt64) -> [UInt8] {
            Builder.little(UInt32(file.name(name))) + [info, 0] + Builder.little(section) + Builder.little(value)
                + Builder.little(size)
        }
        return symbol("", info: 0, section: 0, value: 0, size: 0)
            + symbol("first", info: 0x12, section: 1, value: Self.base + 0x400, size: 16)
            + symbol("second", info: 0x12, section: 0, value: 0, size: 0)
    }

    private func versionTable(_ file: Builder) -> [UInt8] {
        var result = Builder.little(UInt16(1)) + Builder.little(UInt16(versions.count))
        result +=
            Builder.little(UInt32(file.name(needed.first ?? ""))) + Builder.little(UInt32(16))
            + Builder.little(UInt32(0))
        for (index, version) in versions.enumerated() {
            result += Builder.little(UInt32(0)) + Builder.little(UInt32(0))
            result += Builder.little(UInt32(file.name(version)))
            result += Builder.little(UInt32(index == versions.count - 1 ? 0 : 16))
        }
        return result
    }

    private var hashBytes: [UInt8] {
        let words: [UInt32] =
            switch hash {
            // One bucket, a chain of three.
            case .sysv: [1, 3, 1, 0, 2, 0]
            // One bucket from symbol 1 on, one word of filter; the chain ends at symbol 2.
            case .gnu: [1, 1, 1, 0, 0, 0, 1, 4, 5]
            }
        return words.flatMap(Builder.little)
    }
}

extension SyntheticELF {
    struct Builder {
        private(set) var bytes = [UInt8](repeating: 0, count: 0x1000)
        private(set) var strings: [UInt8] = []
        private var names: [String: UInt64] = [:]

        init(strings texts: [String]) {
            for text in texts where names[text] == nil {
                names[text] = UInt64(strings.count)
                strings += Array(text.utf8) + [0]
            }
        }

        func name(_ text: String) -> UInt64 { names[text] ?? 0 }

        mutating func place(at offset: Int, _ content: [UInt8]) {
            bytes.replaceSubrange(offset..<offset + content.count, with: content)
        }

        /// Returns the address of what was added.
        mutating func append(_ content: [UInt8]) -> UInt64 {
            bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
            defer { bytes += content }
            return UInt64(bytes.count) + SyntheticELF.base
        }

        mutating func header(machine: UInt16, dynamic: (UInt64, UInt64), note: (UInt64, UInt64)) {
            let header: [UInt8] =
                [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9) + Self.little(UInt16(3))
                + Self.little(machine) + Self.little(UInt32(1)) + Self.little(SyntheticELF.base + 0x400)
                + Self.little(UInt64(64)) + Self.little(UInt64(0)) + Self.little(UInt32(0)) + Self.little(UInt16(64))
                + Self.little(UInt16(56)) + Self.little(UInt16(3)) + Self.little(UInt16(0)) + Self.little(UInt32(0))
            place(at: 0, header)
            let size = UInt64(bytes.count)
            place(at: 64, Self.segment(type: 1, flags: 5, address: SyntheticELF.base, size: size))
            place(at: 120, Self.segment(type: 2, flags: 6, address: dynamic.0, size: dynamic.1))
            place(at: 176, Self.segment(type: 4, flags: 4, address: note.0, size: note.1))
        }

        /// None, `.dynsym` and its names, which hold the names of the sections too.
        mutating func sections(dynsym: UInt64, strings: (UInt64, UInt64)) {
            let table = Int(append([]) - SyntheticELF.base)
            bytes += [UInt8](repeating: 0, count: 64)
            bytes += Self.section(name: name("first"), type: 11, at: dynsym, size: 72, link: 2, entrySize: 24)
            bytes += Self.section(name: name("second"), type: 3, at: strings.0, size: strings.1, link: 0, entrySize: 0)
            place(at: 40, Self.little(UInt64(table)))
            place(at: 58, Self.little(UInt16(64)) + Self.little(UInt16(3)) + Self.little(UInt16(2)))
        }

        private static func segment(type: UInt32, flags: UInt32, address: UInt64, size: UInt64) -> [UInt8] {
            let words = [address - SyntheticELF.base, address, address, size, size, 8]
            return little(type) + little(flags) + words.flatMap(little)
        }

        private static func section(
            name: UInt64,
            type: UInt32,
            at address: UInt64,
            size: UInt64,
            link: UInt32,
            entrySize: UInt64
        ) -> [UInt8] {
            little(UInt32(name)) + little(type) + little(UInt64(2)) + little(address)
                + little(address - SyntheticELF.base) + little(size) + little(link) + little(UInt32(0))
                + little(UInt64(8)) + little(entrySize)
        }

        static func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
    }
}
