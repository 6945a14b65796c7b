internal import LambdaModel

/// A function's environment variables on their way through an engine's client: no value stands on a command line, which
/// everybody on the machine may read, and none changes the client itself.
///
/// A file of variables (`--env-file`) takes lines, and engines differ in what they make of quotes, number signs and
/// blanks in them, so only plain values go that way. Others are put into the client's own environment, from where
/// `--env NAME` passes them on exactly.
struct ContainerVariables: Hashable {
    /// The file, one `NAME=value` a line.
    var fileText: String
    /// What the client gets besides the user's environment, and passes on by name.
    var inherited: [String: String]

    /// - Throws: `LaunchFailure.engine` for a value with line breaks whose name means something to the client.
    init(_ variables: [String: String], engine: ContainerEngine) throws(LaunchFailure) {
        var lines: [String] = []
        var inherited: [String: String] = [:]
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            if Self.isPlain(value) {
                lines.append("\(name)=\(value)\n")
            } else if !Self.concernsClient(name) {
                inherited[name] = value
            } else if Self.isLine(value) {
                lines.append("\(name)=\(value)\n")
            } else {
                throw .engine(
                    name: engine.kind.rawValue,
                    words:
                        "the variable \(name) holds line breaks or blanks at its ends, and cannot be passed into a container"
                )
            }
        }
        fileText = lines.joined()
        self.inherited = inherited
    }

    /// A value that every engine takes as it stands.
    private static func isPlain(_ value: String) -> Bool {
        value.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || plainMarks.contains(byte)
        }
    }

    private static let plainMarks = Set("_-./:=@%+,".utf8)

    /// A value that most engines take as it stands.
    private static func isLine(_ value: String) -> Bool {
        guard let first = value.utf8.first, let last = value.utf8.last else { return true }
        let blanks = Set(" \t\u{0B}\u{0C}".utf8)
        return !blanks.contains(first) && !blanks.contains(last)
            && !value.unicodeScalars.contains(where: isBreak)
    }

    /// What some reader of lines takes for the end of one.
    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Whether the client, its shell or its loader would take the variable for its own.
    static func concernsClient(_ name: String) -> Bool {
        let upper = name.uppercased()
        return clientNames.contains(upper) || clientPrefixes.contains { upper.hasPrefix($0) }
            || upper.hasSuffix("_PROXY")
    }

    private static let clientNames: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "ENV", "IFS", "PWD", "PS4", "TERM", "NO_COLOR", "LANG",
        "TZ",
        "BASHOPTS", "BASH_ENV", "SHELLOPTS", "GLIBC_TUNABLES", "GODEBUG", "GOGC", "GOMAXPROCS", "GOMEMLIMIT",
        "GOTRACEBACK",
        "CONTAINER_HOST", "STORAGE_DRIVER", "STORAGE_OPTS", "REGISTRY_AUTH_FILE", "NOTIFY_SOCKET", "LISTEN_FDS",
        "LISTEN_PID",
        "LISTEN_FDNAMES", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "LOCALDOMAIN", "HOSTALIASES",
    ]

    private static let clientPrefixes = [
        "DOCKER_", "CONTAINER_", "CONTAINERS_", "CONTAINERD_", "BUILDAH_", "PODMAN_", "NERDCTL_", "FINCH_", "LIMA_",
        "CNI_",
        "NETAVARK_", "OTEL_", "XDG_", "LD_", "DYLD_", "MALLOC_", "LC_", "_",
    ]
}
