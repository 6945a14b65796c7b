package import LambdaModel

/// What the words behind `apus generate-event` ask for.
package enum SampleRequest: Sendable {
    case help
    case serviceHelp(SampleService)
    case eventHelp(SampleService, SampleEvent)
    case event(SampleService, SampleEvent, SampleArguments)
}

/// The values on the command line of one event.
package struct SampleArguments: Sendable, Hashable {
    /// By option.
    package private(set) var values: [String: String] = [:]
    /// `--config-env`
    package private(set) var configEnvironment: String?
    /// `--config-file`
    package private(set) var configFile: String?
    /// Options of SAM's that have no effect here, as the user wrote them.
    package private(set) var unused: [String] = []

    private static let unusedFlags = ["--debug", "--save-params"]

    /// Reads `SERVICE EVENT [--OPTION VALUE]…`. Each event has options of its own, so that only this table knows them.
    package static func read(_ words: [String]) throws(ApusError) -> SampleRequest {
        guard let name = words.first else {
            throw missing("a service", SampleService.all.map(\.name))
        }
        if isHelp(name) { return .help }
        let service = try SampleLookup.service(name)
        guard words.count > 1 else { throw missing("an event of \(service.name)", service.events.map(\.name)) }
        if isHelp(words[1]) { return .serviceHelp(service) }
        let event = try SampleLookup.event(words[1], of: service)
        if words.dropFirst(2).contains(where: isHelp) { return .eventHelp(service, event) }
        var arguments = SampleArguments()
        var rest = words.dropFirst(2)
        while let word = rest.popFirst() { try arguments.take(word, &rest, of: event) }
        return .event(service, event, arguments)
    }

    private mutating func take(
        _ word: String,
        _ rest: inout ArraySlice<String>,
        of event: SampleEvent
    ) throws(ApusError) {
        if Self.unusedFlags.contains(word) { return unused.append(word) }
        guard word.hasPrefix("--"), word.count > 2 else {
            throw ApusError("sample.unexpected", "unexpected argument '\(Printable.text(word))'")
        }
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let isOfConfiguration = name == "config-env" || name == "config-file"
        if !isOfConfiguration { _ = try SampleLookup.option(name, of: event) }
        guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
            throw ApusError("sample.incomplete", "--\(name) needs a value")
        }
        switch name {
        case "config-env": configEnvironment = value
        case "config-file": configFile = value
        default: values[name] = value
        }
    }

    private static func isHelp(_ word: String) -> Bool { word == "--help" || word == "-h" }

    private static func missing(_ what: String, _ names: [String]) -> ApusError {
        ApusError("sample.incomplete", "name \(what): \(names.joined(separator: ", "))")
    }
}
