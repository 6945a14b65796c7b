import FunctionPool
import FunctionStore
import LambdaModel
import NIOCore

/// A function with its versions and aliases as invocations find them. Belongs to the event loop.
final class ServedFunction {
    let name: String
    private(set) var stored: StoredFunction
    private(set) var versions: [String: ServedVersion] = [:]
    private(set) var aliases: [String: AliasRouting] = [:]
    /// The function's own, where concurrency is reserved for it.
    private var reserved: ConcurrencyLimit?

    init(_ stored: StoredFunction) {
        name = stored.name
        self.stored = stored
    }

    /// The version that a qualifier stands for now, and `nil` where there is none.
    func version(_ qualifier: String?, chance: () -> Double = { Double.random(in: 0..<1) }) -> ServedVersion? {
        let qualifier = qualifier ?? "$LATEST"
        return versions[aliases[qualifier]?.version(chance: chance()) ?? qualifier]
    }

    /// Takes over what the store says of the function.
    ///
    /// - Returns: versions that are no more, or are replaced.
    func update(_ stored: StoredFunction, in house: ServedFunctions) -> [ServedVersion] {
        self.stored = stored
        let limit = limit(in: house)
        aliases = Dictionary(
            uniqueKeysWithValues: stored.documents(.alias).map { ($0.qualifier, AliasRouting($0.body)) }
        )
        var old = versions
        versions = [:]
        for version in [stored.latest] + stored.published.values {
            let identity = identity(of: version, in: house)
            if let same = old[version.name], same.identity == identity {
                versions[version.name] = old.removeValue(forKey: version.name)
            } else {
                versions[version.name] = ServedVersion(
                    identity,
                    name: version.name,
                    limits: house.poolLimits,
                    limit: limit,
                    in: house.shop,
                    preparation: house.preparation(of: version, in: stored)
                )
            }
            let provisioned = ProvisionedConcurrencyOperations.count(of: version.name, in: stored)
            versions[version.name]?.provisioned = provisioned
        }
        return Array(old.values)
    }

    private func identity(of version: StoredVersion, in house: ServedFunctions) -> ServedVersion.Identity {
        ServedVersion.Identity(
            settings: version.settings,
            code: version.code,
            layers: version.layers,
            hasReservedConcurrency: stored.reservedConcurrency != nil,
            generation: version.code == .template ? house.generation(of: name) : 0
        )
    }

    private func limit(in house: ServedFunctions) -> ConcurrencyLimit {
        guard let count = stored.reservedConcurrency else {
            reserved = nil
            return house.unreserved
        }
        if let reserved {
            reserved.setLimit(count)
            return reserved
        }
        let limit = ConcurrencyLimit(count, parent: house.account)
        reserved = limit
        return limit
    }
}
