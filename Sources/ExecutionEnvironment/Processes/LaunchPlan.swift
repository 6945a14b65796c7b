package import LambdaModel
package import Sandbox

/// What to start for an init phase.
package struct LaunchPlan: Sendable {
    /// The external extensions' processes are part of it, in the order of ``extensions``.
    package var specification: LaunchSpecification
    /// The bootstrap's path in messages, as the function would see it on Lambda.
    package var shownPath: String
    package var extensions: [PlannedExtension]
    /// What the end of the main process says of the function, where that process is not the function's own; `nil`: itself.
    package var meaning: ProcessMeaning?

    /// - Parameters:
    ///   - exit: of the main process.
    ///   - outputTail: the last of what was written.
    ///   - hasCalled: whether the runtime has asked for an event.
    package typealias ProcessMeaning =
        @Sendable (
            _ exit: ProcessExit, _ outputTail: String, _ hasCalled: Bool
        ) -> ProcessEnd

    /// An external extension, as it is known by name and in messages.
    package struct PlannedExtension: Sendable, Hashable {
        /// Its file's name, under which it has to register.
        package var name: String
        /// Such as `/opt/extensions/agent`.
        package var shownPath: String

        package init(name: String, shownPath: String) {
            self.name = name
            self.shownPath = shownPath
        }
    }

    package init(specification: LaunchSpecification, shownPath: String, extensions: [PlannedExtension] = []) {
        self.specification = specification
        self.shownPath = shownPath
        self.extensions = extensions
    }

    /// What a backend starts for a function with these variables.
    package init(_ backend: any ExecutionBackend, variables: [String: String]) throws(LaunchFailure) {
        let entrypoint = try backend.entrypoint()
        let bootstrap = try backend.specification(of: entrypoint, environment: variables)
        self.init(bootstrap: bootstrap, shownPath: entrypoint.lambdaPath, beside: backend.extensions())
        guard bootstrap.cleanup != nil else { return }
        meaning = { exit, outputTail, hasCalled in
            backend.meaning(of: exit, launched: bootstrap, outputTail: outputTail, hasCalled: hasCalled)
        }
    }

    /// A bootstrap and the external extensions beside it.
    /// Extensions get those of the bootstrap's variables that Lambda lets them have.
    package init(bootstrap: LaunchSpecification, shownPath: String, beside extensions: [Entrypoint]) {
        self.init(specification: bootstrap, shownPath: shownPath)
        let variables = FunctionEnvironment.extensionVariables(from: bootstrap.environment)
        for entrypoint in extensions {
            specification.extensions.append(
                ExtensionSpecification(
                    executable: entrypoint.executable,
                    arguments: entrypoint.arguments,
                    environment: variables,
                    workingDirectory: entrypoint.workingDirectory
                )
            )
            let name = entrypoint.lambdaPath.split(separator: "/").last.map(String.init) ?? entrypoint.lambdaPath
            self.extensions.append(PlannedExtension(name: name, shownPath: entrypoint.lambdaPath))
        }
    }
}
