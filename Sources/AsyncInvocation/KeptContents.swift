import FunctionStore
import LambdaModel

/// Contents of events that were accepted a moment ago, so that most need not be read back. Those that came first stay: they
/// run first.
struct KeptContents {
    private let limit: Int
    private var contents: [Int64: EventContents] = [:]
    private var bytes = 0

    /// - Parameter limit: bytes of payloads.
    init(limit: Int) {
        self.limit = limit
    }

    mutating func keep(_ new: EventContents, of sequence: Int64) {
        guard bytes + Self.size(new) <= limit else { return }
        bytes += Self.size(new)
        contents[sequence] = new
    }

    mutating func take(_ sequence: Int64) -> EventContents? {
        guard let result = contents.removeValue(forKey: sequence) else { return nil }
        bytes -= Self.size(result)
        return result
    }

    /// With what the rest of it takes, roughly.
    private static func size(_ contents: EventContents) -> Int {
        contents.payload.count + (contents.request.clientContext?.utf8.count ?? 0) + 512
    }
}
