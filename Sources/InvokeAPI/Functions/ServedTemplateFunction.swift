import ExecutionEnvironment
package import LambdaModel

/// A function that a template describes.
package struct ServedTemplateFunction: Sendable {
    /// Another name of it.
    package var logicalID: String
    package var startable: StartableFunction
    /// `nil`: an image.
    package var code: FunctionCode?
    /// In the order of the function's `Layers`.
    package var layers: [FunctionCode]

    package init(logicalID: String, startable: StartableFunction, code: FunctionCode?, layers: [FunctionCode]) {
        self.logicalID = logicalID
        self.startable = startable
        self.code = code
        self.layers = layers
    }

    var configuration: FunctionConfiguration { startable.configuration.function }
}
