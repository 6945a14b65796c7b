package import LambdaModel

/// What is to be built: one function or one layer of a template.
package struct BuildRequest: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case function
        case layer
    }

    /// Names the artifact directory and the target in the Makefile. Letters, digits, `-` and `_` only.
    package var logicalID: String
    package var kind: Kind
    /// `CodeUri` or `ContentUri`; a relative path is taken from ``templateDirectory``.
    package var code: FunctionCode
    package var method: BuildMethod
    /// `Metadata.WorkingDirectory`: where make runs, relative to ``templateDirectory``. Inside the sources it means that
    /// place in their copy; elsewhere make runs there, in place. As in SAM.
    package var workingDirectory: String?
    /// `Metadata.ContextPath`: the directory that holds the Makefile, relative to ``templateDirectory`` as in SAM, or else
    /// to the sources.
    package var contextPath: String?
    /// The directory of the template; all relative paths start here.
    package var templateDirectory: String
    package var architecture: Architecture
    package var runtime: FunctionRuntime?
    /// `Handler`; says in warnings what was meant where there is no bootstrap.
    package var handler: String
    /// Variables for the build tools, besides those of the host.
    package var environment: [String: String]
    /// `BuildProperties.Binary`: which of several programs that the sources make is the function.
    package var binary: String?
    /// The CPU to compile for in the compiler's words, such as `x86-64-v2`: `-C target-cpu` for cargo, `-march` for C, and
    /// for make the variable `APUS_TARGET_CPU`.
    package var targetCPU: String?
    /// Whether layers are added, which may bring what the artifact lacks.
    package var hasLayers: Bool

    package init(
        logicalID: String,
        kind: Kind = .function,
        code: FunctionCode,
        method: BuildMethod = .unspecified,
        workingDirectory: String? = nil,
        contextPath: String? = nil,
        templateDirectory: String,
        architecture: Architecture = .x86_64,
        runtime: FunctionRuntime? = nil,
        handler: String = "",
        environment: [String: String] = [:],
        binary: String? = nil,
        targetCPU: String? = nil,
        hasLayers: Bool = false
    ) {
        self.logicalID = logicalID
        self.kind = kind
        self.code = code
        self.method = method
        self.workingDirectory = workingDirectory
        self.contextPath = contextPath
        self.templateDirectory = templateDirectory
        self.architecture = architecture
        self.runtime = runtime
        self.handler = handler
        self.environment = environment
        self.binary = binary
        self.targetCPU = targetCPU
        self.hasLayers = hasLayers
    }
}
