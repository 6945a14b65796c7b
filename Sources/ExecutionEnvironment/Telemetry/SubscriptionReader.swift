import LambdaModel
import NIOCore

/// Reads the members of a subscription and gathers what is wrong with them, so that one answer names all of it.
struct SubscriptionReader {
    let api: TelemetryAPIKind
    private(set) var problems: [String] = []

    init(api: TelemetryAPIKind) {
        self.api = api
    }

    // MARK: What is sent

    mutating func schema(_ value: JSONValue?) -> TelemetrySubscription.Schema? {
        let known = TelemetrySubscription.Schema.allCases.filter { $0.api == api }
        guard let value, value != .null else {
            if api == .logs { return .logs20200815 }
            problems.append("schemaVersion is required")
            return nil
        }
        let schema = known.first { $0.rawValue == value.stringValue }
        if schema == nil { problems.append("schemaVersion must be one of \(list(known.map(\.rawValue)))") }
        return schema
    }

    mutating func streams(_ value: JSONValue?) -> Set<TelemetrySubscription.Stream> {
        guard let value, value != .null else {
            problems.append("types is required")
            return []
        }
        guard let items = value.arrayValue else {
            problems.append("types must be an array of strings")
            return []
        }
        if items.isEmpty { problems.append("types should not be empty") }
        let streams = items.map { $0.stringValue.flatMap { TelemetrySubscription.Stream(rawValue: $0) } }
        if streams.contains(nil) {
            problems.append("types must be of \(list(TelemetrySubscription.Stream.allCases.map(\.rawValue)))")
        }
        return Set(streams.compactMap { $0 })
    }

    // MARK: How much at once

    mutating func buffering(_ value: JSONValue?) -> TelemetrySubscription.Buffering {
        typealias Buffering = TelemetrySubscription.Buffering
        var buffering = Buffering()
        guard let value, value != .null else { return buffering }
        guard case .object = value else {
            problems.append("buffering must be an object")
            return buffering
        }
        if let items = integer(value, "maxItems", in: Buffering.itemRange) { buffering.maxItems = items }
        if let bytes = integer(value, "maxBytes", in: Buffering.byteRange) { buffering.maxBytes = bytes }
        if let milliseconds = integer(value, "timeoutMs", in: Buffering.millisecondRange) {
            buffering.timeout = .milliseconds(Int64(milliseconds))
        }
        return buffering
    }

    private mutating func integer(_ parent: JSONValue, _ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = parent[name], value != .null else { return nil }
        if let number = value.intValue, range.contains(number) { return number }
        problems.append("\(name) must be an integer between \(range.lowerBound) and \(range.upperBound)")
        return nil
    }

    // MARK: Where to

    mutating func destination(_ value: JSONValue?) -> TelemetrySubscription.Destination? {
        guard let value, value != .null else { return refused("destination is required") }
        guard case .object = value else { return refused("destination must be an object") }
        switch value["protocol"]?.stringValue {
        case "HTTP": return http(value)
        case "TCP": return tcp(value)
        default: return refused("destination protocol must be \"HTTP\" or \"TCP\"")
        }
    }

    private mutating func http(_ value: JSONValue) -> TelemetrySubscription.Destination? {
        var method = TelemetrySubscription.Destination.Method.post
        if api == .logs { method = self.method(value["method"]) }
        if api == .logs, let encoding = value["encoding"], encoding != .null, encoding.stringValue != "JSON" {
            problems.append("destination encoding must be \"JSON\"")
        }
        guard let uri = uri(value["URI"], scheme: "http") else { return nil }
        return .http(port: uri.port, target: uri.target, method: method)
    }

    private mutating func method(_ value: JSONValue?) -> TelemetrySubscription.Destination.Method {
        guard let value, value != .null else { return .post }
        let method = value.stringValue.flatMap { TelemetrySubscription.Destination.Method(rawValue: $0) }
        if method == nil { problems.append("destination method must be \"POST\" or \"PUT\"") }
        return method ?? .post
    }

    /// Lambda's texts show a `port` in one place and a `URI` in another.
    private mutating func tcp(_ value: JSONValue) -> TelemetrySubscription.Destination? {
        guard let port = value["port"], port != .null else {
            guard value["URI"] != nil else { return refused("destination port is required") }
            return uri(value["URI"], scheme: "tcp").map { .tcp(port: $0.port) }
        }
        guard let number = port.intValue, (1...65_535).contains(number) else {
            return refused("destination port must be an integer between 1 and 65535")
        }
        return .tcp(port: number)
    }

    private mutating func uri(_ value: JSONValue?, scheme: String) -> TelemetryURI? {
        guard let text = value?.stringValue else {
            problems.append("destination URI is required and must be a string")
            return nil
        }
        do throws(TelemetryURI.Failure) {
            return try TelemetryURI(text, scheme: scheme)
        } catch {
            problems.append(error.message)
            return nil
        }
    }

    private mutating func refused(_ problem: String) -> TelemetrySubscription.Destination? {
        problems.append(problem)
        return nil
    }

    private func list(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
