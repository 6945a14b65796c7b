package import LambdaModel

/// An event as a service of AWS sends it to a function, with values that are examples.
package struct SampleEvent: Sendable {
    /// A value of the event that can be chosen.
    package struct Option: Sendable, Hashable {
        /// As on the command line, without the dashes.
        package let name: String
        package let defaultValue: String

        init(_ name: String, _ defaultValue: String) {
            self.name = name
            self.defaultValue = defaultValue
        }
    }

    package let name: String
    /// What the event tells, for a list.
    package let summary: String
    package let options: [Option]
    private let template: @Sendable () -> String

    /// - Parameter template: JSON in which `${option}` stands for the value of an option; see ``SampleTemplate``. It is
    ///   made when it is asked for: a run needs one of them.
    init(
        _ name: String,
        _ summary: String,
        _ options: [Option] = [],
        _ template: @autoclosure @escaping @Sendable () -> String
    ) {
        self.name = name
        self.summary = summary
        self.options = options
        self.template = template
    }

    /// An event without options.
    init(_ name: String, _ summary: String, _ template: @autoclosure @escaping @Sendable () -> String) {
        self.init(name, summary, [], template())
    }

    /// The event with some of its values chosen; the others have their defaults.
    package func document(_ values: [String: String] = [:]) throws(ApusError) -> JSONValue {
        var all = Dictionary(options.map { ($0.name, $0.defaultValue) }) { first, _ in first }
        for (name, value) in values { all[name] = value }
        return try SampleTemplate(json: template()).document(all)
    }
}

extension SampleEvent.Option {
    static let account = Self("account-id", "123456789012")
    static let partition = Self("partition", "aws")
    static let region = Self("region", "us-east-1")
    static let dnsSuffix = Self("dns-suffix", "us-east-1.amazonaws.com")
    static let body = Self("body", #"{"test":"body"}"#)
    static let path = Self("path", "path/to/resource")
    static let bucket = Self("bucket", "example-bucket")
    static let key = Self("key", "test/key")
}
