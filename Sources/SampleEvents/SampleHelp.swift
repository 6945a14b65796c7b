/// The help of services and events.
package enum SampleHelp {
    /// A line for each service with the names of its events.
    package static let services = SampleService.all.map(line).joined(separator: "\n")

    private static let lineWidth = 79

    /// Events that do not fit go on below the first one.
    private static func line(_ service: SampleService) -> String {
        let margin = SampleService.all.map(\.name.count).max().map { $0 + 4 } ?? 0
        var lines = ["  " + service.name + String(repeating: " ", count: margin - 2 - service.name.count)]
        for (index, event) in service.events.enumerated() {
            let word = event.name + (index == service.events.count - 1 ? "" : ",")
            let last = lines[lines.count - 1]
            if last.count == margin {
                lines[lines.count - 1] += word
            } else if last.count + 1 + word.count <= lineWidth {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(repeating: " ", count: margin) + word)
            }
        }
        return lines.joined(separator: "\n")
    }

    package static func text(of service: SampleService) -> String {
        """
        OVERVIEW: Sample events of \(service.title).

        USAGE: apus generate-event \(service.name) EVENT [--OPTION VALUE]...

        EVENTS:
        \(table(service.events.map { ($0.name, $0.summary) }))

        `apus generate-event \(service.name) EVENT --help` lists the options of an event.
        """
    }

    package static func text(of event: SampleEvent, _ service: SampleService) -> String {
        let own = event.options.map { ("--\($0.name) <value>", "(default: \($0.defaultValue))") }
        let common = [
            ("--config-env <name>", "The environment in samconfig.toml. (default: default)"),
            ("--config-file <file>", "The configuration file. (default: samconfig.toml)"),
            ("-h, --help", "Show help information."),
        ]
        return """
            OVERVIEW: \(service.title): \(event.summary).

            USAGE: apus generate-event \(service.name) \(event.name)\(own.isEmpty ? "" : " [--OPTION VALUE]...")

            OPTIONS:
            \(table(own + common))
            """
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  " + $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }
            .joined(separator: "\n")
    }
}
