import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// zig as the linker of Rust for another machine, where no cross compiler is installed: two small scripts, since cargo takes
/// a program and no arguments.
struct ZigLinker: Equatable, Sendable {
    var zig: ZigTool
    var target: RustTarget
    var runtime: FunctionRuntime?

    /// rustc tells from a linker's name how to call it: like a C compiler.
    static let names = ["cc": "zig-cc", "c++": "zig-c++"]

    /// Rust brings its own start files for musl, which zig's would meet.
    var isPossible: Bool { target.triple.hasSuffix("-linux-gnu") }

    /// zig links against the glibc of Lambda's image, whatever this machine has.
    private var zigTarget: String {
        let isOlder = runtime == .providedAL2 || runtime == .provided
        return "\(target.triple.prefix { $0 != "-" })-linux-gnu.\(isOlder ? "2.26" : "2.34")"
    }

    func script(_ language: String) -> String {
        let words = [zig.program] + zig.leading + [language, "-target", zigTarget]
        return "#!/bin/sh\nexec \(words.map(Self.quoted).joined(separator: " ")) \"$@\"\n"
    }

    /// Writes the scripts and returns the path of each by its language.
    func write(to directory: String) throws(ApusError) -> [String: String] {
        try Directory.create(directory)
        var paths: [String: String] = [:]
        for (language, name) in Self.names {
            let path = directory + "/" + name
            let file = try OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o755, "cannot write")
            let bytes = Array(script(language).utf8)
            try bytes.withUnsafeBufferPointer { bytes throws(ApusError) in
                try file.write(UnsafeRawBufferPointer(bytes), path)
            }
            paths[language] = path
        }
        return paths
    }

    private static func quoted(_ word: String) -> String {
        "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
