/// What is known about how a program asks for the features of its CPU.
struct ARM64Knowledge: Sendable {
    /// Addresses of bytes that hold features or are derived from them.
    private(set) var bytes: Set<UInt64> = []
    /// Bytes that switch memory tagging on.
    var switches: Set<UInt64> = []
    /// Functions, by address, that return features or something derived from them.
    var answers: Set<UInt64> = []
    /// Functions, by address, that are `getauxval` or a stub for it.
    private(set) var auxiliary: Set<UInt64> = []
    private static let largestObject: UInt64 = 4096
    private static let largestNumber = 100_000

    /// Objects that libc, compiler run-time libraries, OpenSSL and Go keep features in.
    private static let objects: Set<String> = [
        "__aarch64_have_lse_atomics", "__aarch64_cpu_features", "_dl_hwcap", "_dl_hwcap2", "_dl_hwcap3",
        "_dl_aarch64_cpu_features", "OPENSSL_armcap_P", "internal/cpu.ARM64", "internal/cpu.HWCap",
        "runtime.arm64HasATOMICS", "golang.org/x/sys/cpu.ARM64", "golang.org/x/sys/cpu.hwCap",
    ]

    private static let auxiliaryNames: Set<String> = ["getauxval", "__getauxval", "elf_aux_info"]

    init(_ image: ARM64Image, _ functions: ARM64Functions, _ sweep: ARM64Sweep) {
        for symbol in image.symbols where symbol.isDefined && symbol.kind != .function {
            guard symbol.size > 0, image.file.isMapped(address: symbol.address), !image.isCode(symbol.address) else {
                continue
            }
            if let name = image.shortName(of: symbol), Self.holdsFeatures(name) {
                _ = add(symbol.address, size: symbol.size)
            }
        }
        var previous: UInt64?
        for call in sweep.calls where call.target != previous {
            previous = call.target
            if Self.isAuxiliary(call.target, image, functions) { auxiliary.insert(call.target) }
        }
    }

    func holdsFeature(_ address: UInt64) -> Bool { bytes.contains(address) }

    /// `false` if it was known already.
    mutating func add(_ address: UInt64, size: UInt64) -> Bool {
        var isNew = false
        // No program has that many feature words; a file full of them must not cost more.
        guard bytes.count < Self.largestNumber else { return false }
        for offset in 0..<min(size, Self.largestObject) where bytes.insert(address &+ offset).inserted { isNew = true }
        return isNew
    }

    static func holdsFeatures(_ name: String) -> Bool {
        if objects.contains(name) { return true }
        // ring and AWS-LC put a prefix before OpenSSL's name; Rust mangles std_detect::detect::cache::CACHE.
        if name.hasSuffix("OPENSSL_armcap_P") { return true }
        return name.utf8.count < 200 && name.contains("std_detect") && name.contains("CACHE")
    }

    /// Go's packages for the purpose keep all they learn in variables of their own.
    static func isFeaturePackage(_ function: String) -> Bool {
        ["internal/cpu.", "golang.org/x/sys/cpu.", "github.com/klauspost/cpuid", "runtime.archauxv"].contains {
            function.hasPrefix($0)
        }
    }

    /// Parts of libc and of the compilers' run-time libraries, whose checks say nothing about the program's own.
    static func isSystemFunction(_ name: String) -> Bool {
        [
            "__aarch64_", "init_have_lse_atomics", "__init_cpu_features", "init_cpu_features", "_dl_", "__dl_",
            "__libc_", "_start", "getauxval", "__getauxval", "__tunable", "__memcpy", "__memset", "__memmove",
            "__strlen",
            "internal/cpu.", "runtime.archauxv", "runtime.check", "runtime.schedinit", "runtime.cpuinit",
            "sysconf", "__sysconf", "__cpu_indicator",
        ].contains { name.hasPrefix($0) }
    }

    private static func isAuxiliary(_ target: UInt64, _ image: ARM64Image, _ functions: ARM64Functions) -> Bool {
        guard let start = image.index(of: target) else { return false }
        if let name = importedName(ofStub: start, image) { return auxiliaryNames.contains(name) }
        guard let index = functions.index(startingAt: start) else { return false }
        if let name = functions.shortLabel(functions.list[index]) { return auxiliaryNames.contains(name) }
        return comparesForHWCAP(image.words[start..<min(functions.list[index].end, start + 64)])
    }

    /// glibc's getauxval answers AT_HWCAP (16) and AT_HWCAP2 (26) from variables: `cmp x0, #16`, `cmp x0, #26`.
    private static func comparesForHWCAP(_ words: ArraySlice<UInt32>) -> Bool {
        var compared: Set<UInt32> = []
        for word in words where word & 0xFFC0_001F == 0xF100_001F { compared.insert(word >> 10 & 0xFFF) }
        return compared.isSuperset(of: [16, 26])
    }

    /// The symbol that a linkage stub (`adrp x16; ldr x17, [x16, …]; …`) jumps to.
    static func importedName(ofStub start: Int, _ image: ARM64Image) -> String? {
        var index = start
        // bti c
        if index < image.words.count, image.words[index] == 0xD503_245F { index += 1 }
        guard index + 1 < image.words.count else { return nil }
        let page = image.words[index]
        let load = image.words[index + 1]
        guard page & 0x9F00_001F == 0x9000_0010, load & 0xFFC0_03FF == 0xF940_0211 else { return nil }
        let base = ARM64Sweep.target(page, at: image.address(of: index))
        return image.imports[base &+ ARM64Sweep.scaledOffset(load)]
    }
}
