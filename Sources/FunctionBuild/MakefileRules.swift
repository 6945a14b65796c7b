import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Which Makefile, which target and which directory `BuildMethod: makefile` means: SAM's rules.
///
/// Source: AWS SAM developer guide, "Building Lambda functions with custom runtimes", and the behaviour of SAM CLI where
/// the guide is silent (ContextPath and WorkingDirectory start at the template's directory).
struct MakefileRules {
    /// `build-<LogicalId>`.
    let target: String
    /// Absolute path of the Makefile itself, not of its copy: what it finds beside itself is found.
    let makefile: String
    /// Where make runs.
    let workingDirectory: WorkingDirectory
    /// The `build-` targets and patterns that the text of the Makefile names; includes are not followed.
    let targets: [String]

    /// Whether the Makefile itself has the target, or a pattern like `build-%` for it.
    var namesTarget: Bool {
        targets.contains { name in
            guard let percent = name.firstIndex(of: "%") else { return name == target }
            let (head, tail) = (name[..<percent], name[name.index(after: percent)...])
            return target.hasPrefix(head) && target.hasSuffix(tail) && target.count > head.count + tail.count
        }
    }

    var missingTarget: ApusError {
        let others = targets.isEmpty ? "" : " It has \(targets.joined(separator: ", "))."
        return ApusError(
            .buildNoTarget,
            "the Makefile '\(makefile)' has no target '\(target)'",
            hint: "Add one that copies what it builds to $(ARTIFACTS_DIR).\(others)"
        )
    }

    enum WorkingDirectory: Equatable {
        /// Relative to the copy of the sources; "" is its top.
        case copy(String)
        /// An absolute path outside the sources, where make runs in place.
        case place(String)
    }

    init(_ request: BuildRequest, source: String) throws(ApusError) {
        target = "build-" + request.logicalID
        let base = Paths.resolve(request.templateDirectory, from: Directory.current)
        makefile = try Self.makefile(request, base: base, source: source)
        workingDirectory = try Self.workingDirectory(request, base: base, source: source)
        targets = try Self.targets(in: makefile)
    }

    private static func makefile(_ request: BuildRequest, base: String, source: String) throws(ApusError) -> String {
        let candidates =
            request.contextPath.map { context in
                [base, source].map { Paths.resolve(context, from: $0) + "/Makefile" }
            } ?? [source + "/Makefile"]
        for candidate in candidates where Directory.exists(candidate) && !Directory.isDirectory(candidate) {
            return candidate
        }
        let place = request.contextPath.map { "ContextPath '\($0)'" } ?? "the code's directory"
        throw ApusError(
            .buildNoTarget,
            "no Makefile at '\(candidates[0])'",
            hint: "BuildMethod makefile needs a file 'Makefile' in \(place) with a target build-\(request.logicalID)."
        )
    }

    private static func workingDirectory(
        _ request: BuildRequest,
        base: String,
        source: String
    ) throws(ApusError) -> WorkingDirectory {
        guard let name = request.workingDirectory else { return .copy("") }
        let path = Paths.resolve(name, from: base)
        guard let real = Directory.realPath(path), Directory.isDirectory(real) else {
            throw ApusError(
                .buildInvalid,
                "the WorkingDirectory '\(path)' is not a directory",
                hint: "It is taken from the template's directory; correct it there."
            )
        }
        return Paths.relative(real, in: source).map { .copy($0) } ?? .place(real)
    }

    /// Names that start with `build-` before a colon at the beginning of a line.
    private static func targets(in makefile: String) throws(ApusError) -> [String] {
        let file = try OpenFile(makefile, O_RDONLY | O_NONBLOCK, "cannot read")
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        let count = try file.read(into: buffer, makefile)
        var targets: [String] = []
        for line in buffer[..<count].split(separator: UInt8(ascii: "\n")) {
            guard
                line.first != UInt8(ascii: "\t"), line.first != UInt8(ascii: "#"),
                let colon = line.firstIndex(of: UInt8(ascii: ":")),
                line.index(after: colon) == line.endIndex || line[line.index(after: colon)] != UInt8(ascii: "=")
            else { continue }
            for name in line[..<colon].split(separator: UInt8(ascii: " ")) {
                let text = String(decoding: name, as: UTF8.self)
                if text.hasPrefix("build-") { targets.append(text) }
            }
        }
        return targets
    }
}
