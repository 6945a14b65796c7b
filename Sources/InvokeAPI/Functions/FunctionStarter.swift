package import ExecutionEnvironment
package import LambdaModel

/// Makes what the environments of a function need, from its configuration and its code.
package protocol FunctionStarter: Sendable {
    /// Called on a thread that may block.
    ///
    /// - Parameter layers: in the order of the function's `Layers`; the later wins.
    func prepare(
        _ configuration: FunctionConfiguration,
        code: FunctionCode,
        layers: [FunctionCode]
    ) throws -> StartableFunction
}

/// How a function is made ready, at most once. Both are called off the event loop.
struct FunctionPreparation: Sendable {
    var make: @Sendable () throws -> StartableFunction
    /// Instead of ``make``, when nobody needs it any more.
    var discard: @Sendable () -> Void = {}
}

/// A function whose environments can be made.
package struct StartableFunction: Sendable {
    package var configuration: EnvironmentConfiguration
    /// Removes what was made for it; called once, when no environment of it is left.
    package var remove: @Sendable () -> Void

    package init(configuration: EnvironmentConfiguration, remove: @escaping @Sendable () -> Void = {}) {
        self.configuration = configuration
        self.remove = remove
    }
}
