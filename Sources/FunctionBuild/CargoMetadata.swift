import LambdaModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `cargo metadata --no-deps --format-version 1` says: the packages of a workspace and their binaries.
struct CargoMetadata: Decodable {
    struct Package: Decodable {
        struct Target: Decodable {
            var name: String
            var kind: [String]
        }

        var name: String
        var manifestPath: String
        var targets: [Target]

        enum CodingKeys: String, CodingKey {
            case name, targets
            case manifestPath = "manifest_path"
        }
    }

    var packages: [Package]

    /// A binary and the package that has it.
    struct Binary: Equatable {
        var package: String
        var name: String
    }

    init(json: String) throws(ApusError) {
        do {
            self = try JSONDecoder().decode(CargoMetadata.self, from: Data(json.utf8))
        } catch {
            throw ApusError(
                .buildToolFailed,
                "cargo metadata wrote something else than packages: \(error)",
                hint: "Try cargo metadata --no-deps --format-version 1 in the code's directory."
            )
        }
    }

    /// The binary for a function: the one that `BuildProperties.Binary` names, or the only one.
    ///
    /// - Parameter manifestPath: of the code's directory. A package's own binaries are looked at alone; a workspace
    ///   without a package of its own offers those of all members.
    func binary(named wanted: String?, manifestPath: String) throws(ApusError) -> Binary {
        let own = packages.filter { Directory.realPath($0.manifestPath) == Directory.realPath(manifestPath) }
        let binaries = (own.isEmpty ? packages : own).flatMap { package in
            package.targets.filter { $0.kind.contains("bin") }.map { Binary(package: package.name, name: $0.name) }
        }
        let names = binaries.map(\.name).sorted().joined(separator: ", ")
        let matches = wanted.map { name in binaries.filter { $0.name == name } } ?? binaries
        if let binary = matches.first, matches.count == 1 { return binary }
        guard !binaries.isEmpty else {
            throw ApusError(
                .buildInvalid,
                "'\(manifestPath)' has no binary",
                hint: "A function needs a program: src/main.rs, src/bin/NAME.rs or a [[bin]] section."
            )
        }
        if let wanted, matches.isEmpty {
            throw ApusError(
                .buildInvalid,
                "there is no binary '\(wanted)' in '\(manifestPath)'; it has \(names)",
                hint: "Correct Metadata.BuildProperties.Binary."
            )
        }
        throw ApusError(
            .buildInvalid,
            "'\(manifestPath)' has several binaries: \(names)",
            hint: wanted == nil
                ? "Name the function's own in its Metadata: BuildProperties: {Binary: \(binaries[0].name)}."
                : "Two packages have a binary of that name: point CodeUri to one of them."
        )
    }
}
