/// How a function or layer is built: what its `Metadata` says.
package struct BuildSettings: Sendable, Hashable {
    /// `BuildMethod` as written, such as `makefile`; `nil` without one.
    package var method: String?
    /// `WorkingDirectory`, relative to the template's directory unless absolute.
    package var workingDirectory: String?
    /// `ContextPath`, relative to the template's directory unless absolute.
    package var contextPath: String?
    /// `BuildArchitecture` of a layer.
    package var architecture: String?
    /// `SkipBuild: true`: the code is taken as it stands.
    package var isSkipped: Bool
    /// `BuildProperties`; what is not a scalar is given as JSON.
    package var properties: [String: String]

    package init(
        method: String? = nil,
        workingDirectory: String? = nil,
        contextPath: String? = nil,
        architecture: String? = nil,
        isSkipped: Bool = false,
        properties: [String: String] = [:]
    ) {
        self.method = method
        self.workingDirectory = workingDirectory
        self.contextPath = contextPath
        self.architecture = architecture
        self.isSkipped = isSkipped
        self.properties = properties
    }
}
