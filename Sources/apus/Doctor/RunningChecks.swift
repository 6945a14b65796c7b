import LambdaModel
import Sandbox

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What running a function takes at all.
struct RunningChecks {
    private let examination: Examination

    init(_ examination: Examination) {
        self.examination = examination
    }

    var checks: [DoctorCheck] {
        [temporaryDirectory, loopback] + kernel
    }

    private var kernel: [DoctorCheck] {
        #if os(Linux)
        [KernelSettings.tracing, KernelSettings.userNamespaces]
        #else
        []
        #endif
    }

    /// Zips are unpacked there, and the function is started from there.
    private var temporaryDirectory: DoctorCheck {
        let name = "temporary directory"
        switch examination.scratch {
        case .failure(let failure):
            return DoctorCheck(
                name,
                .missing,
                failure.lambdaMessage,
                purpose: "holds a running function's files",
                remedy: "set TMPDIR to a directory of your own",
                isRequired: true
            )
        case .success(let scratch):
            let directory = String(scratch.path[..<(scratch.path.lastIndex(of: "/") ?? scratch.path.endIndex)])
            guard !Self.forbidsExecution(directory) else {
                return DoctorCheck(
                    name,
                    .warning,
                    "\(directory) is mounted noexec, so that functions in zip archives cannot start",
                    remedy: "set TMPDIR to a directory on another file system"
                )
            }
            return DoctorCheck(name, .ok, path: directory, isRequired: true)
        }
    }

    private static func forbidsExecution(_ directory: String) -> Bool {
        #if canImport(Darwin)
        var status = statfs()
        return statfs(directory, &status) == 0 && status.f_flags & UInt32(MNT_NOEXEC) != 0
        #else
        var status = statvfs()
        // ST_NOEXEC of Linux; the C libraries show it only to GNU sources.
        return statvfs(directory, &status) == 0 && status.f_flag & 8 != 0
        #endif
    }

    /// The Runtime API listens there.
    private var loopback: DoctorCheck {
        let error = Self.listenOnLoopback()
        guard error == 0 else {
            return DoctorCheck(
                "loopback network",
                .missing,
                "cannot listen on 127.0.0.1: \(ByteSource.text(of: error))",
                purpose: "carries the Runtime API",
                remedy: "switch the interface on: ip link set lo up",
                isRequired: true
            )
        }
        return DoctorCheck("loopback network", .ok, "127.0.0.1", isRequired: true)
    }

    /// - Returns: 0 or an errno.
    private static func listenOnLoopback() -> Int32 {
        #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard bound == 0, listen(descriptor, 1) == 0 else { return errno }
        return 0
    }
}
