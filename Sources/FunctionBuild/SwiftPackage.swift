import LambdaModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `swift package describe --type json` says: the products of a package.
struct SwiftPackage: Decodable {
    struct Product: Decodable {
        var name: String
        var isExecutable: Bool

        enum CodingKeys: String, CodingKey { case name, type }
        private enum Kind: String, CodingKey { case executable }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            // A kind of product is an object with its name as the only key.
            isExecutable = try container.nestedContainer(keyedBy: Kind.self, forKey: .type).contains(.executable)
        }
    }

    var products: [Product]

    init(json: String) throws(ApusError) {
        do {
            self = try JSONDecoder().decode(SwiftPackage.self, from: Data(json.utf8))
        } catch {
            throw ApusError(
                .buildToolFailed,
                "swift package describe wrote something else than a package: \(error)",
                hint: "Try swift package describe --type json in the code's directory."
            )
        }
    }

    /// Real paths of the packages beside it that a `Package.swift` names: `.package(path: "…")`, also with a name before it.
    /// It is a program, and so only literals are seen.
    static func localPackages(_ manifest: String, _ directory: String) -> [String] {
        manifest.split(separator: ".package(", omittingEmptySubsequences: false).dropFirst().compactMap { call in
            let arguments = call.prefix { $0 != ")" }
            guard let label = arguments.firstRange(of: "path:") else { return nil }
            let parts = arguments[label.upperBound...].split(
                separator: "\"",
                maxSplits: 2,
                omittingEmptySubsequences: false
            )
            guard parts.count == 3, parts[0].allSatisfy(\.isWhitespace) else { return nil }
            return Directory.realPath(Paths.resolve(String(parts[1]), from: directory))
        }
    }

    var executables: [String] { products.filter(\.isExecutable).map(\.name) }
}
