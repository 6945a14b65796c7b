import LambdaModel
import Subprocess
import SystemPackage

extension BuildTool {
    /// What a tool answered to a question.
    struct Answer {
        /// Minus the signal's number where a signal ended the tool.
        var exitStatus: Int
        /// Standard output.
        var text: String
        /// Standard error.
        var errors: String
    }

    /// Far more than the metadata of a large workspace.
    private static let maximumAnswerBytes = 64 << 20

    /// Runs the tool to its end and takes what it writes, standard output and standard error apart.
    func capture(
        _ arguments: [String],
        environment: [String: String],
        directory: String
    ) async throws(ApusError) -> Answer {
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)),
                arguments: Arguments(arguments),
                environment: .custom(Self.subprocessEnvironment(environment)),
                workingDirectory: FilePath(directory),
                platformOptions: Self.options,
                input: .none,
                output: .string(limit: Self.maximumAnswerBytes),
                error: .string(limit: Self.maximumAnswerBytes)
            )
            guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
            let status =
                switch result.terminationStatus {
                case .exited(let code): Int(code)
                case .signaled(let signal): -Int(signal)
                }
            return Answer(exitStatus: status, text: result.standardOutput, errors: result.standardError)
        } catch {
            guard !Task.isCancelled else { throw ApusError(.buildCancelled, "cancelled") }
            throw ApusError(.buildInputOutput, "cannot run '\(path)': \(error)")
        }
    }
}
