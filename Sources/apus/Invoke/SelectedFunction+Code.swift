import LambdaModel

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
            throw ApusError("environment.refused", error.explanation)
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
    /// Looks what lies at `path`: a directory, a zip archive (by its name) or another file.
    init(locating path: String, option: String) throws(ApusError) {
        var information = stat()
        guard stat(path, &information) == 0 else {
            throw ApusError(
                "code.missing",
                "\(option) \(path): \(ByteSource.text(of: errno))",
                hint: "It takes a directory, a zip archive or an executable file."
            )
        }
        switch information.st_mode & S_IFMT {
        case S_IFDIR: self = .directory(path: path)
        case S_IFREG: self = Self.isZip(path) ? .zip(path: path) : .file(path: path)
        default: throw ApusError("code.notFile", "\(option) \(path) is neither a directory nor a file")
        }
    }

    /// By its name, or by the first bytes of a zip's local header.
    private static func isZip(_ path: String) -> Bool {
        if path.lowercased().hasSuffix(".zip") { return true }
        guard let file = fopen(path, "r") else { return false }
        defer { fclose(file) }
        var start = [UInt8](repeating: 0, count: 4)
        return fread(&start, 1, 4, file) == 4 && start == [0x50, 0x4B, 0x03, 0x04]
    }
}

extension FunctionEnvironment.Refusal {
    /// What is wrong, and what Lambda takes.
    var explanation: String {
        switch self {
        case .reservedKeys(let keys):
            "environment variables that only Lambda may set: \(keys.joined(separator: ", "))"
        case .invalidKey(let key):
            "'\(key)' is no name for an environment variable: a letter, then letters, digits and underscores"
        case .invalidValue(let key):
            "the value of \(key) holds a NUL byte, which no environment can carry"
        case .tooLarge(let bytes):
            "environment variables of \(bytes) bytes: Lambda takes at most \(Quotas.environmentVariableBytes)"
        }
    }
}
