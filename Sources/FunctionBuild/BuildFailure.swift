package import LambdaModel

/// Why a build failed: what the user needs to see of it.
package struct BuildFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The function or layer; `nil` where the failure concerns the whole build.
    package var logicalID: String?
    /// What failed and why, and what to do.
    package var error: ApusError
    /// The build tool's name, where one ran.
    package var tool: String?
    /// Its exit status; minus the signal's number where a signal ended it.
    package var exitStatus: Int?
    /// The end of what the tool wrote, at most ``outputBytes`` bytes.
    package var output: String

    package static let outputBytes = 64 << 10

    package init(
        logicalID: String?,
        error: ApusError,
        tool: String? = nil,
        exitStatus: Int? = nil,
        output: String = ""
    ) {
        self.logicalID = logicalID
        self.error = error
        self.tool = tool
        self.exitStatus = exitStatus
        self.output = output
    }

    package var description: String {
        let subject = logicalID.map { "\($0): " } ?? ""
        return subject + error.description
    }
}

extension ApusError.Code {
    /// The request itself cannot be built: no sources, an unknown method, an impossible name.
    package static let buildInvalid: Self = "build.invalid"
    /// A build tool is not installed.
    package static let buildToolMissing: Self = "build.tool-missing"
    /// A build tool failed.
    package static let buildToolFailed: Self = "build.tool-failed"
    /// The Makefile or its target is missing.
    package static let buildNoTarget: Self = "build.no-target"
    /// The build succeeded and made nothing.
    package static let buildEmpty: Self = "build.empty"
    /// The build made something that cannot start on Lambda.
    package static let buildUnusable: Self = "build.unusable"
    /// Reading the sources or writing the artifact failed.
    package static let buildInputOutput: Self = "build.input-output"
    /// The build was cancelled.
    package static let buildCancelled: Self = "build.cancelled"
}
