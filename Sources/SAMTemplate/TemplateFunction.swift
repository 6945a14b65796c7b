package import LambdaModel

/// A function of a template, its intrinsic functions resolved and Globals merged.
package struct TemplateFunction: Sendable, Hashable {
    package var logicalID: String
    package var configuration: FunctionConfiguration
    /// Where its code lies; `nil` only with a ``codeObstacle``.
    package var code: FunctionCode?
    /// The template's own layers that it uses, in the order of `Layers` (a later one overlays an earlier one).
    package var layers: [TemplateLayer]
    /// Its container image, where that may be on this machine; there is a ``codeObstacle`` besides.
    package var image: FunctionImage?
    package var build: BuildSettings
    /// Why there is no code on this machine to build or run: an image, an S3 address, inline code, a missing path.
    package var codeObstacle: ApusError?
    /// Why Apus can build the function but not run it: a managed runtime, a layer that is only an ARN.
    package var runObstacle: ApusError?
    /// Where its logical id stands.
    package var location: SourceLocation

    /// Why Apus cannot run it, if there is a reason.
    package var obstacle: ApusError? { image == nil ? codeObstacle ?? runObstacle : runObstacle }

    package init(
        logicalID: String,
        configuration: FunctionConfiguration,
        code: FunctionCode?,
        layers: [TemplateLayer] = [],
        image: FunctionImage? = nil,
        build: BuildSettings = BuildSettings(),
        codeObstacle: ApusError? = nil,
        runObstacle: ApusError? = nil,
        location: SourceLocation
    ) {
        self.logicalID = logicalID
        self.configuration = configuration
        self.code = code
        self.layers = layers
        self.image = image
        self.build = build
        self.codeObstacle = codeObstacle
        self.runObstacle = runObstacle
        self.location = location
    }
}
