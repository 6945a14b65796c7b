import LambdaModel

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A request with every path resolved and checked, and the decision how it is built.
struct BuildPlan {
    enum Action {
        case copyTree
        /// One file, which becomes `bootstrap`.
        case copyFile
        /// SAM leaves such a `CodeUri` as it is. Unpacked, a broken archive is found now, and the build directory looks
        /// the same for every function, so that either tool can go on from it.
        case unpack
        case make(MakefileRules)
    }

    let request: BuildRequest
    /// Real path of the sources: a directory, a zip archive or a file.
    let source: String
    let action: Action

    init(_ request: BuildRequest) throws(ApusError) {
        self.request = request
        try Self.checkName(request.logicalID)
        if case .unsupported(let name) = request.method {
            throw ApusError(
                .buildInvalid,
                "BuildMethod '\(name)' is not one that apus builds",
                hint: "Use 'BuildMethod: makefile' with a target build-\(request.logicalID), or build with sam build."
            )
        }
        let path = Paths.resolve(
            request.code.path,
            from: Paths.resolve(request.templateDirectory, from: Directory.current)
        )
        guard let source = Directory.realPath(path) else {
            throw ApusError(
                .buildInvalid,
                "the code '\(path)' does not exist",
                hint: "CodeUri is taken from the template's directory; correct it there."
            )
        }
        self.source = source
        try Self.checkKind(request.code, source)
        switch request.code {
        case .zip, .file:
            guard request.method != .makefile else {
                throw ApusError(
                    .buildInvalid,
                    "'\(path)' is a file, and BuildMethod makefile needs a directory of sources",
                    hint: "Point CodeUri to the directory with the Makefile, or leave BuildMethod out."
                )
            }
            if case .zip = request.code { action = .unpack } else { action = .copyFile }
        case .directory:
            action = try Self.action(request, source: source)
        }
    }

    private static func action(_ request: BuildRequest, source: String) throws(ApusError) -> Action {
        switch request.method {
        case .makefile: return .make(try MakefileRules(request, source: source))
        case .unspecified where request.kind == .function:
            let rules = try? MakefileRules(request, source: source)
            if let rules, rules.namesTarget { return .make(rules) }
            return .copyTree
        default: return .copyTree
        }
    }

    /// The name becomes a directory's and a make target's: nothing but what CloudFormation allows may pass.
    private static func checkName(_ name: String) throws(ApusError) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, name.utf8.count <= 200 else {
            throw ApusError(
                .buildInvalid,
                "'\(name.prefix(200))' cannot be a logical ID",
                hint: "CloudFormation allows letters and digits only."
            )
        }
    }

    private static func checkKind(_ code: FunctionCode, _ source: String) throws(ApusError) {
        var status = stat()
        guard stat(source, &status) == 0 else { throw systemError("cannot read", source, errno) }
        let kind = status.st_mode & S_IFMT
        switch code {
        case .directory where kind != S_IFDIR:
            throw ApusError(.buildInvalid, "the code '\(source)' is not a directory")
        case .zip where kind != S_IFREG, .file where kind != S_IFREG:
            throw ApusError(.buildInvalid, "the code '\(source)' is not a file")
        default: return
        }
    }
}
