import FunctionStore
import LambdaModel

/// Publishing layers and describing them.
///
/// Source: AWS Lambda API reference, `PublishLayerVersion` and its relatives.
enum LayerOperations {
    private static let name = InputMember.path("LayerName", .string(length: 1...2_048, pattern: .layerName))
    private static let number = InputMember.path("VersionNumber", .integer(0...Int.max))
    private static let runtimes = MemberKind.list(of: FunctionMembers.runtime, count: 0...15)
    private static let filters: [InputMember] = [
        .query("CompatibleRuntime", FunctionMembers.runtime),
        .query("CompatibleArchitecture", .choice(Architecture.allCases.map(\.rawValue))),
        FunctionMembers.marker, FunctionMembers.fewItems,
    ]
    private static let kept = ["Description", "CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo"]

    static let publish = ControlOperation(
        [
            name, .required("Content", .structure(FunctionMembers.code.filter { $0.name != "ImageUri" })),
            FunctionMembers.description,
            .optional(
                "CompatibleArchitectures",
                .list(of: .choice(Architecture.allCases.map(\.rawValue)), count: 0...2)
            ),
            .optional("CompatibleRuntimes", runtimes),
            .optional("LicenseInfo", .string(length: 0...512)),
        ],
        status: 201,
        upload: .structure("Content")
    ) { call in
        let name = plainName(call.string("LayerName") ?? "")
        guard name.utf8.count <= 140 else {
            throw LambdaAPIError.validation(name, at: "layerName", length: "less than or equal to 140")
        }
        guard case .archive(let sha256, let size)? = call.code else {
            throw LambdaAPIError.invalidParameter("Please provide a zip archive as the content of the layer.")
        }
        var layer = try call.transaction.layer(named: name) ?? StoredLayer(name: name)
        var settings = JSONValue.object([])
        for member in kept { settings = settings.setting(member, call.input[member]) }
        let number = layer.nextVersion
        let created = call.context.epochMilliseconds()
        layer.versions[number] = .init(settings: settings, sha256: sha256, size: size, created: created)
        layer.nextVersion += 1
        try call.transaction.save(layer)
        return describe(layer, number, in: call)
    }

    static let get = ControlOperation([name, number]) { call in
        let (layer, number, _) = try version(in: call)
        return describe(layer, number, in: call)
    }

    static let getByARN = ControlOperation([
        InputMember(
            name: "Arn",
            place: .query("Arn"),
            isRequired: true,
            kind: .string(length: 1...2_048, pattern: .layerVersionARN)
        )
    ]) { call in
        let parts = (call.string("Arn") ?? "").split(separator: ":").map(String.init)
        guard parts.count == 8, let number = Int(parts[7]), let layer = try call.transaction.layer(named: parts[6]),
            layer.versions[number] != nil
        else { throw LambdaAPIError.resourceNotFound("The resource you requested does not exist.") }
        return describe(layer, number, in: call)
    }

    static let list = ControlOperation(filters) { call in
        var layers: [(name: String, item: JSONValue)] = []
        for name in try call.transaction.layerNames() {
            guard let layer = try call.transaction.layer(named: name),
                let newest = versions(of: layer, in: call).first
            else { continue }
            layers.append(
                (
                    name,
                    .members([
                        "LayerName": .string(name),
                        "LayerArn": .string(call.context.layerARN(name)),
                        "LatestMatchingVersion": item(layer, newest, in: call),
                    ])
                )
            )
        }
        let page = try call.page(layers) { $0.name }
        return .members(["Layers": .array(page.items.map(\.item)), "NextMarker": page.next.map(JSONValue.string)])
    }

    static let listVersions = ControlOperation([name] + filters) { call in
        let name = plainName(call.string("LayerName") ?? "")
        // A layer that is not there has no versions; Lambda says no more either.
        let layer = try call.transaction.layer(named: name) ?? StoredLayer(name: name)
        let page = try call.page(versions(of: layer, in: call)) { Marker.key(Int.max - $0) }
        return .members([
            "LayerVersions": .array(page.items.map { item(layer, $0, in: call) }),
            "NextMarker": page.next.map(JSONValue.string),
        ])
    }

    static let delete = ControlOperation([name, number], status: 204) { call in
        // One that is not there is deleted, too.
        let name = plainName(call.string("LayerName") ?? "")
        guard var layer = try call.transaction.layer(named: name) else { return nil }
        layer.versions[call.integer("VersionNumber") ?? 0] = nil
        try call.transaction.save(layer)
        return nil
    }

    // MARK: Policy

    static let addPermission = ControlOperation(
        [
            name, number,
            .required("StatementId", .string(length: 1...100, pattern: .statementID)),
            .required("Action", .string(length: 0...22, pattern: .layerAction)),
            .required("Principal", .string(pattern: .layerPrincipal)),
            .optional("OrganizationId", .string(length: 0...34, pattern: .organization)),
            .query("RevisionId", .string()),
        ],
        status: 201
    ) { call in
        var (layer, number, version) = try version(in: call)
        var policy = Policy(stored: version.policy)
        try policy.check(call)
        let principal = call.string("Principal") ?? ""
        let isAccount = ConstraintPattern.account.matches(principal)
        try policy.add(
            .members([
                "Sid": call.input["StatementId"],
                "Effect": .string("Allow"),
                "Principal": principal == "*"
                    ? .string("*")
                    : .members(["AWS": .string(isAccount ? "arn:aws:iam::\(principal):root" : principal)]),
                "Action": call.input["Action"],
                "Resource": .string(call.context.layerARN(layer.name, version: number)),
                "Condition": call.input["OrganizationId"].map { id in
                    .members(["StringEquals": .members(["aws:PrincipalOrgID": id])])
                },
            ])
        )
        version.policy = policy.stored
        layer.versions[number] = version
        try call.transaction.save(layer)
        return .members([
            "Statement": .string(policy.statements.last?.text ?? ""),
            "RevisionId": version.policy?["revision"],
        ])
    }

    static let getPolicy = ControlOperation([name, number]) { call in
        let (_, _, version) = try version(in: call)
        guard let stored = version.policy else {
            throw LambdaAPIError.resourceNotFound("No policy is associated with the given resource.")
        }
        let policy = Policy(stored: stored)
        return .members(["Policy": .string(policy.document.text), "RevisionId": .string(policy.revision)])
    }

    static let removePermission = ControlOperation(
        [
            name, number, .path("StatementId", .string(length: 1...100, pattern: .statementID)),
            .query("RevisionId", .string()),
        ],
        status: 204
    ) { call in
        var (layer, number, version) = try version(in: call)
        var policy = Policy(stored: version.policy)
        try policy.check(call)
        try policy.remove(call.string("StatementId") ?? "")
        version.policy = policy.stored
        layer.versions[number] = version
        try call.transaction.save(layer)
        return nil
    }

    // MARK: Parts

    private static func version(in call: ControlCall) throws -> (StoredLayer, Int, StoredLayer.Version) {
        let number = call.integer("VersionNumber") ?? 0
        guard number >= 1 else { throw LambdaAPIError.invalidParameter("Layer Version Cannot be less than 1.") }
        guard let layer = try call.transaction.layer(named: plainName(call.string("LayerName") ?? "")),
            let version = layer.versions[number]
        else { throw LambdaAPIError.resourceNotFound("The resource you requested does not exist.") }
        return (layer, number, version)
    }

    /// The newest first; those that a filter leaves.
    private static func versions(of layer: StoredLayer, in call: ControlCall) -> [Int] {
        layer.versions.keys.sorted(by: >).filter { number in
            func has(_ filter: String, _ member: String) -> Bool {
                guard let wanted = call.input[filter] else { return true }
                return layer.versions[number]?.settings[member]?.arrayValue?.contains(wanted) == true
            }
            return has("CompatibleRuntime", "CompatibleRuntimes")
                && has("CompatibleArchitecture", "CompatibleArchitectures")
        }
    }

    /// Of an ARN its last part.
    private static func plainName(_ text: String) -> String {
        text.split(separator: ":").last.map(String.init) ?? text
    }

    private static func item(_ layer: StoredLayer, _ number: Int, in call: ControlCall) -> JSONValue {
        let version = layer.versions[number]
        var result = JSONValue.members([
            "LayerVersionArn": .string(call.context.layerARN(layer.name, version: number)),
            "Version": .integer(number),
            "CreatedDate": .string(ControlContext.date(version?.created ?? 0)),
        ])
        for member in kept { result = result.setting(member, version?.settings[member]) }
        return result
    }

    private static func describe(_ layer: StoredLayer, _ number: Int, in call: ControlCall) -> JSONValue {
        guard let version = layer.versions[number] else { return .object([]) }
        let identity = CodeIdentity(archive: version.sha256, size: version.size)
        return item(layer, number, in: call)
            .setting("LayerArn", .string(call.context.layerARN(layer.name)))
            .setting(
                "Content",
                .members([
                    "Location": .string("\(call.context.address)\(CodeDownload.path)\(version.sha256).zip"),
                    "CodeSha256": .string(identity.sha256),
                    "CodeSize": .integer(identity.size),
                ])
            )
    }
}
