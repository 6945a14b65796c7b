/// The CPU level that a Go program was built for, from its build information; it survives stripping.
enum X86GoLevel {
    static func isGo(_ file: ELFImage) -> Bool {
        file.sections.contains {
            $0.name == ".go.buildinfo" || $0.name == ".gopclntab" || $0.name == ".note.go.buildid"
        }
    }

    /// 1 to 4; `nil` for a program of another language, and for Go before 1.18.
    static func level(of file: ELFImage) -> Int? {
        guard isGo(file) else { return nil }
        let pattern = Array("build\tGOAMD64=v".utf8)
        return file.bytes.withUnsafeBufferPointer { bytes in
            guard bytes.count > pattern.count else { return nil }
            var position = 0
            while position < bytes.count - pattern.count {
                if bytes[position] == pattern[0], bytes[position + 6] == pattern[6],
                    pattern.indices.allSatisfy({ bytes[position + $0] == pattern[$0] })
                {
                    let digit = Int(bytes[position + pattern.count]) - 48
                    return (1...4).contains(digit) ? digit : nil
                }
                position += 1
            }
            return nil
        }
    }
}
