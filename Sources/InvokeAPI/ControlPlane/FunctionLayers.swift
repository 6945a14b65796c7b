import FunctionStore
import LambdaModel

/// The layers that functions use.
enum FunctionLayers {
    /// The layers that a function asks for by their ARNs.
    static func references(
        _ arns: JSONValue?,
        code: StoredCode,
        in call: ControlCall
    ) throws -> [StoredLayerReference] {
        let arns = arns?.arrayValue?.compactMap(\.stringValue) ?? []
        guard arns.count <= Quotas.layers else {
            throw LambdaAPIError.invalidParameter("Cannot reference more than \(Quotas.layers) layers.")
        }
        var result: [StoredLayerReference] = []
        for arn in arns {
            let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 8, let number = Int(parts[7]),
                let version = try call.transaction.layer(named: String(parts[6]))?.versions[number]
            else { throw LambdaAPIError.invalidParameter("Layer version \(arn) does not exist.") }
            let own = call.context.layerARN(String(parts[6]), version: number)
            guard !result.contains(where: { $0.arn == own }) else {
                throw LambdaAPIError.invalidParameter(
                    "Two different versions of the same layer are not allowed to be referenced in the same function. \(arn)"
                )
            }
            result.append(.init(arn: own, sha256: version.sha256, size: version.size))
        }
        try checkSize(code, result, in: call)
        return result
    }

    static func checkSize(of version: StoredVersion, in call: ControlCall) throws {
        try checkSize(version.code, version.layers, in: call)
    }

    private static func checkSize(_ code: StoredCode, _ layers: [StoredLayerReference], in call: ControlCall) throws {
        guard !layers.isEmpty else { return }
        var size = 0
        for sha256 in [code.archiveSHA256].compactMap({ $0 }) + layers.map(\.sha256) {
            size += try call.context.code.unpackedSize(of: sha256)
        }
        guard size <= Quotas.unzippedPackageBytes else {
            throw LambdaAPIError.invalidParameter(
                "Function code combined with layers exceeds the maximum allowed size of \(Quotas.unzippedPackageBytes) bytes. "
                    + "The actual size is \(size) bytes."
            )
        }
    }
}
