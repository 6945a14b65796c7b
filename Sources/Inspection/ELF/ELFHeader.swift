package import LambdaModel

/// The header of an ELF file: what kind of machine it is for and where its program headers lie.
package struct ELFHeader: Sendable, Hashable {
    package enum Failure: Error, Sendable, Hashable {
        /// The file does not begin with the ELF magic number.
        case notELF
        /// The header or what it points to does not lie inside the file.
        case truncated
        /// A value that no valid file has.
        case malformed(String)
    }

    /// `e_machine` (System V ABI, registry of the machine numbers).
    package struct Machine: RawRepresentable, Sendable, Hashable {
        package let rawValue: UInt16
        package init(rawValue: UInt16) { self.rawValue = rawValue }
        package static let i386 = Machine(rawValue: 3)
        package static let arm = Machine(rawValue: 40)
        package static let x86_64 = Machine(rawValue: 62)
        package static let aarch64 = Machine(rawValue: 183)
        package static let riscv = Machine(rawValue: 243)

        /// The name that developers use.
        package var name: String {
            switch self {
            case .i386: "x86 (32-bit)"
            case .arm: "arm (32-bit)"
            case .x86_64: "x86_64"
            case .aarch64: "arm64"
            case .riscv: "RISC-V"
            default: "machine number \(rawValue)"
            }
        }
    }

    /// `e_type`.
    package enum Kind: Sendable, Hashable { case relocatable, executable, sharedObject, core, other(UInt16) }

    package var is64Bit: Bool
    package var isLittleEndian: Bool
    package var kind: Kind
    package var machine: Machine
    package var entry: UInt64
    package var programHeaderOffset: UInt64
    package var programHeaderSize: Int
    package var programHeaderCount: Int

    /// Lambda's architecture that runs it; `nil` for any other machine and for 32 bits.
    package var architecture: Architecture? {
        guard is64Bit, isLittleEndian else { return nil }
        return switch machine {
        case .x86_64: .x86_64
        case .aarch64: .arm64
        default: nil
        }
    }

    package static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    /// The header's size with 64 bits; with 32 it is 52.
    package static let maximumSize = 64

    /// Reads the header from a file's first bytes (`maximumSize` of them, or all that there are).
    package init(fileStart: [UInt8]) throws(Failure) {
        guard fileStart.starts(with: Self.magic) else { throw .notELF }
        guard fileStart.count >= 16 else { throw .truncated }
        switch fileStart[4] {
        case 1: is64Bit = false
        case 2: is64Bit = true
        default: throw .malformed("class \(fileStart[4])")
        }
        switch fileStart[5] {
        case 1: isLittleEndian = true
        case 2: isLittleEndian = false
        default: throw .malformed("byte order \(fileStart[5])")
        }
        guard fileStart.count >= (is64Bit ? 64 : 52) else { throw .truncated }

        let reader = ByteReader(bytes: fileStart, isLittleEndian: isLittleEndian)
        kind = Self.kind(try Self.required(reader.integer(at: 16, as: UInt16.self)))
        machine = Machine(rawValue: try Self.required(reader.integer(at: 18, as: UInt16.self)))
        if is64Bit {
            entry = try Self.required(reader.integer(at: 24, as: UInt64.self))
            programHeaderOffset = try Self.required(reader.integer(at: 32, as: UInt64.self))
        } else {
            entry = UInt64(try Self.required(reader.integer(at: 24, as: UInt32.self)))
            programHeaderOffset = UInt64(try Self.required(reader.integer(at: 28, as: UInt32.self)))
        }
        let sizes = is64Bit ? 54 : 42
        programHeaderSize = Int(try Self.required(reader.integer(at: sizes, as: UInt16.self)))
        programHeaderCount = Int(try Self.required(reader.integer(at: sizes + 2, as: UInt16.self)))
    }

    private static func required<Value>(_ value: Value?) throws(Failure) -> Value {
        guard let value else { throw .truncated }
        return value
    }

    private static func kind(_ raw: UInt16) -> Kind {
        switch raw {
        case 1: .relocatable
        case 2: .executable
        case 3: .sharedObject
        case 4: .core
        default: .other(raw)
        }
    }
}
