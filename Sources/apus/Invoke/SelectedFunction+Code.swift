import LambdaModel
import SAMTemplate

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension SelectedFunction {
    /// A function without a template.
    init(path: String, options: CodeOptions, region: String?) throws(ApusError) {
        let identifier = options.runtime ?? FunctionRuntime.providedAL2023.identifier
        guard let runtime = FunctionRuntime(identifier: identifier) else {
            throw ApusError(
                "runtime.unknown",
                "--runtime \(identifier) is no runtime of Lambda's",
                hint: "The custom runtimes are \(FunctionRuntime.custom.map(\.identifier).joined(separator: ", "))."
            )
        }
        guard runtime.isCustom else {
            throw ApusError(
                "runtime.managed",
                "--runtime \(identifier) is a managed runtime, which lives only in AWS's images",
                hint: "Apus runs custom runtimes: provided.al2023, provided.al2 and provided."
            )
        }
        code = try FunctionCode(locating: path, option: "--code")
        layers = []
        for layer in options.layer { layers.append(try FunctionCode(locating: layer, option: "--layer")) }
        configuration = FunctionConfiguration(
            name: Self.functionName(from: path),
            handler: options.handler ?? "",
            runtime: runtime,
            architecture: options.architecture.flatMap(Architecture.init(rawValue:)) ?? .host,
            timeout: options.timeout ?? 3,
            memorySize: options.memory ?? 128,
            environment: try Self.variables(options.env),
            region: region ?? FunctionARN.defaultRegion
        )
    }

    static func variables(_ pairs: [String]) throws(ApusError) -> [String: String] {
        var result: [String: String] = [:]
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            result[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        try check(environment: result)
        return result
    }

    /// Refuses what `CreateFunction` would refuse.
    static func check(environment: [String: String]) throws(ApusError) {
        do throws(FunctionEnvironment.Refusal) {
            try FunctionEnvironment.check(environment)
        } catch {
            let problem = EnvironmentProblem(error)
            throw ApusError("environment.refused", problem.message, hint: problem.hint)
        }
    }

    /// A name that Lambda would accept, from the last part of a path.
    private static func functionName(from path: String) -> String {
        var name = path.split(separator: "/").last.map(String.init) ?? "function"
        for ending in [".zip"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
        let allowed = name.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
                ? Character(scalar) : "_"
        }
        let result = String(allowed.prefix(64))
        return result.isEmpty || result.allSatisfy { $0 == "_" } ? "function" : result
    }
}

extension FunctionCode {
    /// Looks what lies at `path`, by the same rule as a template's CodeUri.
    init(locating path: String, option: String) throws(ApusError) {
        if let code = CodeLocator.locate(path) {
            self = code
            return
        }
        guard access(path, F_OK) == 0 else {
            throw ApusError(
                "code.missing",
                "\(option) \(path): \(ByteSource.text(of: errno))",
                hint: "It takes a directory, a zip archive or an executable file."
            )
        }
        throw ApusError("code.notFile", "\(option) \(path) is neither a directory nor a file")
    }
}
