/// A value of a template with its place in the file: as written, or after its intrinsic functions were resolved.
package struct TemplateValue: Sendable {
    package enum Kind: Sendable {
        case null
        case bool(Bool)
        case int(Int)
        case float(Double)
        case string(String)
        case list([TemplateValue])
        case map(TemplateMap)
    }

    /// How a scalar stood in the file, for writing it back unchanged.
    struct Spelling: Sendable {
        enum Style: Sendable { case plain, quoted, block }
        var text: String
        var style: Style
    }

    /// Where a resolved value comes from.
    enum Origin: Sendable, Hashable {
        case literal
        /// `Ref` of (or an attribute that names) the resource with this logical id.
        case resource(String)
        /// Known only in the cloud, or not given: the text stands in for it. The payload says what is unknown.
        case standIn(String)
        /// `AWS::NoValue`: as if the property were not there.
        case noValue
        /// An error was reported; what follows from it is not worth another one.
        case failed
    }

    package var kind: Kind
    package var location: SourceLocation
    /// The short form of an intrinsic function as written, such as `!Sub`.
    package var tag: String?
    var spelling: Spelling?
    var origin: Origin = .literal
    /// Holds the value of a `NoEcho` parameter, which no message may show.
    var isSecret = false

    init(_ kind: Kind, at location: SourceLocation, origin: Origin = .literal) {
        self.kind = kind
        self.location = location
        self.origin = origin
    }

    package var string: String? {
        if case .string(let text) = kind { text } else { nil }
    }

    package var list: [TemplateValue]? {
        if case .list(let items) = kind { items } else { nil }
    }

    package var map: TemplateMap? {
        if case .map(let map) = kind { map } else { nil }
    }

    var isNull: Bool {
        if case .null = kind { true } else { false }
    }

    /// A scalar as text: booleans in lower case, as SAM CLI and CloudFormation write them. `nil` for null, lists, maps.
    package var scalarText: String? {
        switch kind {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .float(let value): value.description
        case .null, .list, .map: nil
        }
    }

    /// The same value as part of something computed from it: what is known of `self` holds for the result too.
    func derived(_ kind: Kind, from sources: [TemplateValue]) -> TemplateValue {
        var result = TemplateValue(kind, at: location)
        result.isSecret = sources.contains(where: \.isSecret)
        for source in sources {
            switch source.origin {
            case .failed: result.origin = .failed
            case .standIn where result.origin != .failed: result.origin = source.origin
            default: break
            }
        }
        return result
    }

    /// Whether the text only stands in for a value that is not known here.
    var isStandIn: Bool {
        if case .standIn = origin { true } else { false }
    }

    /// A scalar as a name, as written: a condition may be called `Yes`.
    var name: String? {
        guard tag == nil, !isNull else { return nil }
        return string ?? spelling?.text
    }

    /// A word for messages, such as `a list`.
    var kindName: String {
        switch kind {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .float: "a number"
        case .string: "a string"
        case .list: "a list"
        case .map: "a mapping"
        }
    }

    /// The value as a user may recognise it in a message: scalars shortened, containers by kind.
    var excerpt: String {
        if isSecret { return "'****'" }
        guard let text = scalarText else { return kindName }
        let line = text.prefix { !$0.isNewline }
        return line.count > 60 || line.count < text.count ? "'\(line.prefix(60))…'" : "'\(line)'"
    }
}
