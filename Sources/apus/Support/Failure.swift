import ArgumentParser
import CommandProcess
import LambdaModel
import SAMTemplate

/// The one place where errors become messages and exit statuses (contract: 0 answered, 1 the function failed, 2 Apus
/// could not get that far, 64 wrong usage, 128 + n signal n).
enum Failure {
    static let cannotRun = ExitCode(2)

    /// Runs a command's work; an error is shown and becomes its exit status.
    static func reporting<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let error as TemplateError {
            for diagnostic in error.diagnostics { Console.note(diagnostic.description) }
            throw cannotRun
        } catch let error as ApusError {
            Console.error(error.description)
            throw cannotRun
        } catch let error as LaunchFailure {
            Console.error("this machine could not do it: \(error.lambdaMessage)")
            throw cannotRun
        } catch let error as ExitCode {
            throw error
        } catch let error as ValidationError {
            throw error
        } catch {
            Console.error("\(error)")
            throw cannotRun
        }
    }
}
