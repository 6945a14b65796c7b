package import LambdaModel

/// Finds a service and an event by what somebody typed.
package enum SampleLookup {
    package static func service(_ name: String) throws(ApusError) -> SampleService {
        if let service = SampleService.named(name) { return service }
        throw unknown("service", name, among: SampleService.all.map(\.name))
    }

    package static func event(_ name: String, of service: SampleService) throws(ApusError) -> SampleEvent {
        if let event = service.event(named: name) { return event }
        throw unknown("event of \(service.name)", name, among: service.events.map(\.name))
    }

    package static func option(_ name: String, of event: SampleEvent) throws(ApusError) -> SampleEvent.Option {
        if let option = event.options.first(where: { $0.name == name }) { return option }
        throw unknown("option of \(event.name)", "--" + name, among: event.options.map { "--" + $0.name })
    }

    private static func unknown(_ what: String, _ name: String, among names: [String]) -> ApusError {
        let shown = Printable.text(name)
        let suggestion = NearestName.suggestion(for: name, among: names)
        let hint = names.isEmpty ? "It has none." : "There are: \(names.joined(separator: ", "))"
        return ApusError("sample.unknown", "there is no \(what) '\(shown)'\(suggestion)", hint: hint)
    }
}
