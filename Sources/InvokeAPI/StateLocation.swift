import Crypto

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where a project's server keeps its state unless it is told.
package enum StateLocation {
    /// `$XDG_STATE_HOME/apus/PROJECT-HASH`, or below `~/.local/state`: PROJECT is the name of the directory that holds the
    /// template, HASH tells templates of the same name apart. The built template counts as the one it was built from.
    ///
    /// Source: XDG Base Directory Specification; a relative `XDG_STATE_HOME` is ignored, as it says.
    ///
    /// - Parameters:
    ///   - template: its path, absolute or from the working directory.
    ///   - environment: the variables `XDG_STATE_HOME` and `HOME`.
    /// - Returns: `nil` where there is neither of them.
    package static func path(template: String, environment: [String: String]) -> String? {
        guard let base = base(environment) else { return nil }
        let path = source(of: absolute(template))
        let directory = path.split(separator: "/").dropLast().last.map(String.init) ?? "root"
        let name = String(decoding: directory.utf8.prefix(40).map(safe), as: UTF8.self)
        let hash = SHA256.hash(data: Array(path.utf8)).prefix(4)
        return "\(base)/apus/\(name)-\(hash.map(hexadecimal).joined())"
    }

    private static func base(_ environment: [String: String]) -> String? {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.local/state"
    }

    /// Without links. A file that does not exist is taken for one in its directory.
    private static func absolute(_ path: String) -> String {
        if let resolved = resolved(path) { return resolved }
        guard let slash = path.lastIndex(of: "/") else { return (resolved(".") ?? "") + "/" + path }
        let directory = path[..<slash]
        return (resolved(directory.isEmpty ? "/" : String(directory)) ?? String(directory)) + path[slash...]
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func source(of path: String) -> String {
        let built = "/.aws-sam/build/template.yaml"
        return path.hasSuffix(built) ? path.dropLast(built.count) + "/template.yaml" : path
    }

    private static func safe(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            byte
        default: UInt8(ascii: "_")
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
