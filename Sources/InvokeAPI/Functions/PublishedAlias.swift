import FunctionStore
import LambdaModel

/// The alias that a template asks for with `AutoPublishAlias`, and its provisioned concurrency.
///
/// In the cloud each deployment publishes a version for it. Here it stands for `$LATEST`, so that what was built runs at
/// once, and no version is left by each start of a server.
struct PublishedAlias {
    private let name: String?
    private let provisioned: Int?

    init(_ configuration: FunctionConfiguration) {
        name = configuration.publishedAlias
        provisioned = name == nil ? nil : configuration.provisionedConcurrency
    }

    /// The template wins over an alias of that name, and takes back what it has no more.
    func merge(into function: inout StoredFunction, revisions: () -> String, epochMilliseconds: () -> Int64) {
        for (key, body) in function.documents
        where [.alias, .provisionedConcurrency].contains(key.kind) && body[Self.mark] != nil && key.qualifier != name {
            function.documents[key] = nil
        }
        guard let name else { return }
        if function[.alias, name]?[Self.mark] == nil || function[.alias, name]?["FunctionVersion"] != Self.latest {
            function[.alias, name] = .members([
                "Name": .string(name), "FunctionVersion": Self.latest, "RevisionId": .string(revisions()),
                Self.mark: .bool(true),
            ])
        }
        let old = function[.provisionedConcurrency, name]
        if let provisioned, old?["count"]?.intValue != provisioned || old?[Self.mark] == nil {
            function[.provisionedConcurrency, name] = .members([
                "count": .integer(provisioned), "lastModified": .integer(Int(epochMilliseconds())),
                Self.mark: .bool(true),
            ])
        } else if provisioned == nil, old?[Self.mark] != nil {
            function[.provisionedConcurrency, name] = nil
        }
    }

    private static let latest = JSONValue.string("$LATEST")
    private static let mark = "fromTemplate"
}
