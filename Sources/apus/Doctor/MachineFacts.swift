import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What this machine says of itself.
struct MachineFacts: Sendable {
    var architecture = Architecture.host
    /// `Linux 6.1.0`.
    var kernel: String
    /// `Debian GNU/Linux 12 (bookworm)`.
    var system: String
    /// `glibc 2.36`, `musl`; `nil` on macOS.
    var libc: String?
    /// `Intel(R) Xeon(R) …`; `nil` where the machine does not say.
    var cpuModel: String?
    var processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var distribution: Distribution

    init() {
        #if canImport(Darwin)
        distribution = .macOS(version: Self.systemControl("kern.osproductversion") ?? "")
        cpuModel = Self.systemControl("machdep.cpu.brand_string")
        #else
        distribution = Distribution(osRelease: MachineFile.text("/etc/os-release"))
        cpuModel = Self.modelName(inCPUInfo: MachineFile.text("/proc/cpuinfo"))
        #endif
        system = PlainText.line(distribution.title)
        cpuModel = cpuModel.map(PlainText.line)
        libc = Self.libcVersion
        kernel = Self.kernelVersion
    }

    private static var kernelVersion: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        return PlainText.line(text(of: &names.sysname) + " " + text(of: &names.release))
    }

    /// A C array of characters that Swift sees as a tuple.
    private static func text<Tuple>(of field: inout Tuple) -> String {
        withUnsafeBytes(of: &field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Of arm64, Linux gives numbers only.
    private static func modelName(inCPUInfo text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix("model name") {
            return line.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
        }
        return nil
    }

    #if canImport(Darwin)
    private static let libcVersion: String? = nil

    private static func systemControl(_ name: String) -> String? {
        var size = 0
        guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    #elseif canImport(Glibc)
    private static var libcVersion: String? {
        var bytes = [CChar](repeating: 0, count: 64)
        guard confstr(Int32(_CS_GNU_LIBC_VERSION), &bytes, bytes.count) > 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    #else
    private static let libcVersion: String? = "musl"
    #endif
}

/// Small files in which the system describes itself.
enum MachineFile {
    /// The beginning of the file; empty when it cannot be read.
    static func text(_ path: String) -> String {
        let bytes = try? ByteSource.read(path, limit: 64 << 10, what: "file")
        return String(decoding: bytes ?? [], as: UTF8.self)
    }
}
