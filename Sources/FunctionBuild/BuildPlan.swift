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
        case cargo(CargoProject)
        /// The tree is copied, and its `bootstrap` must be a script that starts.
        case shell
        case compile(any CompiledSources)
    }

    let request: BuildRequest
    /// Real path of the sources: a directory, a zip archive or a file.
    let source: String
    let action: Action
    /// What the sources said where the template names no method; `nil` if it does, or they say nothing.
    let detection: MethodDetection?

    /// - Parameter environment: of the build tools; says where cargo's configuration is.
    init(_ request: BuildRequest, environment: [String: String]) throws(ApusError) {
        self.request = request
        try Self.checkName(request.logicalID)
        if case .unsupported(let name) = request.method {
            throw ApusError(
                .buildInvalid,
                "BuildMethod '\(name)' is not one that apus builds",
                hint:
                    "It builds rust-cargolambda, go1.x, swift, c, cpp, nasm, gas, zig, shell, none, and by 'BuildMethod: makefile' with a target build-\(request.logicalID) all else."
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
            if request.method == .makefile || request.method.isCompiledByApus, let method = request.method.name {
                throw ApusError(
                    .buildInvalid,
                    "'\(path)' is a file, and BuildMethod \(method) needs a directory of sources",
                    hint: "Point CodeUri to the directory with the sources, or leave BuildMethod out."
                )
            }
            detection = nil
            if case .zip = request.code { action = .unpack } else { action = .copyFile }
        case .directory:
            (action, detection) = try Self.action(request, source: source, environment)
        }
    }

    private static func action(
        _ request: BuildRequest,
        source: String,
        _ environment: [String: String]
    ) throws(ApusError) -> (Action, MethodDetection?) {
        switch request.method {
        case .makefile: return (.make(try MakefileRules(request, source: source)), nil)
        case .unspecified where request.kind == .function:
            let rules = try? MakefileRules(request, source: source)
            if let rules, rules.namesTarget { return (.make(rules), nil) }
            // A managed runtime has its code as it is.
            guard request.runtime?.isCustom ?? true else { return (.copyTree, nil) }
            let detection = MethodDetection(directory: source, makefileHasTarget: rules?.namesTarget)
            // A Makefile for SAM that lacks this target is no Makefile to be run as it is.
            if let rules, !rules.targets.isEmpty, detection.method == .c, detection.because != "CMakeLists.txt" {
                throw rules.missingTarget
            }
            return (try action(detection.method, request, source: source, environment), detection)
        default:
            return (try action(request.method, request, source: source, environment), nil)
        }
    }

    private static func action(
        _ method: BuildMethod,
        _ request: BuildRequest,
        source: String,
        _ environment: [String: String]
    ) throws(ApusError) -> Action {
        guard method.isCompiledByApus, let name = method.name else { return method == .shell ? .shell : .copyTree }
        guard request.kind == .function else {
            throw ApusError(
                .buildInvalid,
                "BuildMethod \(name) builds functions, and \(request.logicalID) is a layer",
                hint: "Use 'BuildMethod: makefile' with a target build-\(request.logicalID)."
            )
        }
        try checkTargetCPU(request.targetCPU)
        if method == .rust { return .cargo(try CargoProject(request, source: source, environment: environment)) }
        return .compile(try SourceFiles(directory: source).sources(for: method, environment))
    }

    /// It becomes a part of a list of flags that blanks separate.
    private static func checkTargetCPU(_ name: String?) throws(ApusError) {
        guard let name else { return }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "+"):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("-"), name.utf8.count <= 100 else {
            throw ApusError(
                .buildInvalid,
                "--target-cpu takes the name of a CPU, such as x86-64-v2 or haswell",
                hint: "rustc --print target-cpus lists the names."
            )
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
