/// The data of an image that tells which features the CPU has: bytes at known addresses.
struct X86FeatureWords: Sendable {
    private var bytes: Set<UInt64> = []
    /// 64-byte lines that hold one, for a quick no.
    private var lines: Set<UInt64> = []
    private(set) var count = 0

    /// The largest object that is taken as one.
    static let longest: UInt64 = 1024
    /// More bytes than any program keeps for this; bounds the work on hostile files.
    private static let limit = 1 << 16

    /// Adds bytes; false when all were known.
    mutating func insert(_ address: UInt64, _ size: UInt64) -> Bool {
        var isNew = false
        for offset in 0..<min(size, Self.longest) where bytes.count < Self.limit {
            if bytes.insert(address &+ offset).inserted { isNew = true }
            lines.insert((address &+ offset) >> 6)
        }
        count = bytes.count
        return isNew
    }

    func contains(_ address: UInt64, _ size: UInt64) -> Bool {
        guard !lines.isEmpty else { return false }
        let size = max(size, 1)
        guard (address >> 6...max(address >> 6, (address &+ size &- 1) >> 6)).contains(where: lines.contains) else {
            return false
        }
        for offset in 0..<size where bytes.contains(address &+ offset) { return true }
        return false
    }

    /// The first addresses of the 64-byte lines that hold such data.
    var lineAddresses: [UInt64] { lines.map { $0 << 6 } }

    /// Names that compilers and common libraries give to such data, with the size to assume when the symbol has none.
    static func isKnown(_ name: String) -> Bool {
        switch name {
        case "__cpu_model", "__cpu_features2", "OPENSSL_ia32cap_P", "_dl_x86_cpu_features", "_dl_x86_feature_1",
            "internal/cpu.X86", "cpu_features":
            true
        default:
            name.hasPrefix("runtime.x86Has") || name.hasPrefix("golang.org/x/sys/cpu.X86")
                || (name.contains("std_detect") && name.contains("CACHE"))
        }
    }
}
