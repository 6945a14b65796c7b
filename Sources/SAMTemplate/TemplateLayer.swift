package import LambdaModel

/// A layer that the template itself defines: `AWS::Serverless::LayerVersion` or `AWS::Lambda::LayerVersion`.
package struct TemplateLayer: Sendable, Hashable {
    package var logicalID: String
    /// Where its content lies; `nil` only with an ``obstacle``.
    package var content: FunctionCode?
    package var build: BuildSettings
    /// `CompatibleRuntimes`, empty where none are named.
    package var compatibleRuntimes: [String]
    /// `CompatibleArchitectures`, empty where none are named.
    package var compatibleArchitectures: [Architecture]
    /// Why Apus cannot use it.
    package var obstacle: ApusError?
    package var location: SourceLocation

    package init(
        logicalID: String,
        content: FunctionCode?,
        build: BuildSettings = BuildSettings(),
        compatibleRuntimes: [String] = [],
        compatibleArchitectures: [Architecture] = [],
        obstacle: ApusError? = nil,
        location: SourceLocation
    ) {
        self.logicalID = logicalID
        self.content = content
        self.build = build
        self.compatibleRuntimes = compatibleRuntimes
        self.compatibleArchitectures = compatibleArchitectures
        self.obstacle = obstacle
        self.location = location
    }
}
