import Inspection
import LambdaModel
import SAMTemplate

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What `apus inspect` looks at: a path, or a function of the template with its layers.
struct InspectionTarget {
    /// What the report calls it.
    var title: String
    var code: FunctionCode
    /// In the order of the template: the later wins.
    var layers: [FunctionCode]
    /// `nil`: that of the files.
    var architecture: Architecture?
    var runtime: FunctionRuntime
    var handler = ""
    /// Who builds it, which decides in what words fixes are given.
    var build = BuildDriver.unknown

    /// What the words of a command line mean: a name without a slash is a function where the template has it, and else,
    /// as all others, a path.
    init(_ name: String?, command: InspectCommand, settings: CommandSettings) throws {
        if let name, try !Self.isFunction(name, command: command, settings: settings) {
            try self.init(path: name)
        } else {
            let template = try settings.template(prefersBuilt: true)
            try self.init(try template.function(named: name))
        }
        for layer in command.layer { layers.append(try FunctionCode(locating: layer, option: "--layer")) }
        if let architecture = command.architecture.flatMap(Architecture.init(rawValue:)) {
            self.architecture = architecture
        }
        if let runtime = command.runtime { self.runtime = try Self.runtime(runtime) }
    }

    private init(path: String) throws(ApusError) {
        title = path
        code = try Self.locate(path)
        layers = []
        runtime = .providedAL2023
    }

    private init(_ function: TemplateFunction) throws(ApusError) {
        // What keeps Apus from running a function does not keep it from looking at its code.
        if let obstacle = function.codeObstacle { throw obstacle }
        guard let code = function.code else {
            throw ApusError("code.missing", "\(function.logicalID) has no code on this machine")
        }
        title = function.logicalID
        self.code = code
        layers = function.layers.compactMap(\.content)
        architecture = function.configuration.architecture
        runtime = function.configuration.runtime
        handler = function.configuration.handler
        build = BuildDriver(function)
    }

    /// Unpacks what is packed, for as long as `body` runs.
    func withContents<Result>(_ body: (PackageContents) throws -> Result) throws -> Result {
        if case .file(let path) = code, layers.isEmpty { return try body(try PackageContents(file: path)) }
        let configuration = FunctionConfiguration(
            name: "inspected",
            handler: handler,
            runtime: runtime,
            architecture: architecture ?? .host
        )
        let function = SelectedFunction(configuration: configuration, code: code, layers: layers)
        let prepared = try PreparedCode(function, placesBootstrap: false)
        defer { prepared.remove() }
        return try body(PackageContents(taskRoot: prepared.taskRoot, layerRoots: prepared.layerRoots))
    }

    /// - Throws: when the template, which was asked for or is needed, cannot be read.
    private static func isFunction(
        _ name: String,
        command: InspectCommand,
        settings: CommandSettings
    ) throws -> Bool {
        // Without a template the word can only be a path.
        guard !name.contains("/"), name != ".", name != "..",
            (try? settings.templatePath(prefersBuilt: true)) != nil
        else { return false }
        let isPath = access(name, F_OK) == 0
        do {
            let template = try settings.template(prefersBuilt: true)
            // Where it is neither, the template's own error names the functions that there are.
            if !isPath || command.template.template != nil { _ = try template.function(named: name) }
            return (try? template.function(named: name)) != nil
        } catch {
            guard isPath, command.template.template == nil else { throw error }
            return false
        }
    }

    private static func locate(_ path: String) throws(ApusError) -> FunctionCode {
        if let code = CodeLocator.locate(path) { return code }
        guard access(path, F_OK) == 0 else {
            throw ApusError(
                "code.missing",
                "\(PlainText.line(path)): \(ByteSource.text(of: errno))",
                hint: "Give a directory, a zip archive, an executable file, or a function of the template."
            )
        }
        throw ApusError("code.notFile", "\(PlainText.line(path)) is neither a directory nor a file")
    }

    private static func runtime(_ identifier: String) throws(ApusError) -> FunctionRuntime {
        guard let runtime = FunctionRuntime(identifier: identifier), runtime.isCustom else {
            throw ApusError(
                "runtime.unknown",
                "--runtime \(PlainText.line(identifier)) is no custom runtime",
                hint: "The custom runtimes are \(FunctionRuntime.custom.map(\.identifier).joined(separator: ", "))."
            )
        }
        return runtime
    }
}
