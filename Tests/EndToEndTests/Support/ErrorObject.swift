#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The error object of a failed invocation as a caller reads it.
struct ErrorObject: Decodable, Hashable {
    var errorType: String
    var errorMessage: String
    var stackTrace: [String]?

    init(_ outcome: ProgramOutcome) throws {
        do {
            self = try JSONDecoder().decode(ErrorObject.self, from: Data(outcome.standardOutput))
        } catch {
            throw HarnessError("standard output is no error object (\(error)): \(outcome)")
        }
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(ErrorObject.self, from: Data(json.utf8))
    }
}

extension ProgramOutcome {
    /// Standard output as JSON.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(standardOutput))
        } catch {
            throw HarnessError("standard output is no \(type) (\(error)): \(self)")
        }
    }
}
