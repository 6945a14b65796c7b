/// What may follow on a command line, for shells.
package enum SampleCompletion {
    /// - Parameter words: those behind `generate-event` and before the one that is being typed.
    package static func candidates(after words: [String]) -> [String] {
        guard let name = words.first else { return SampleService.all.map(\.name) }
        guard let service = SampleService.named(name) else { return [] }
        guard words.count > 1 else { return service.events.map(\.name) }
        guard let event = service.event(named: words[1]) else { return [] }
        // A value is the user's own.
        if words.count > 2, let last = words.last, last.hasPrefix("--"), !last.contains("=") { return [] }
        return event.options.map { "--" + $0.name }
    }
}
