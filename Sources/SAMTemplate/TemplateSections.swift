internal import LambdaModel

/// The sections of a template, taken apart but not resolved.
struct TemplateSections {
    private(set) var parameters: [String: TemplateParameter] = [:]
    private(set) var mappings: TemplateMap?
    private(set) var conditions: TemplateMap?
    private(set) var resources = TemplateResources()
    /// `Globals.Function`, which holds for every `AWS::Serverless::Function`.
    private(set) var globals: TemplateMap?
    private(set) var diagnostics: [TemplateDiagnostic] = []
    private var transforms: [String] = []

    private static let names = [
        "AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Hooks", "Mappings", "Metadata", "Outputs",
        "Parameters", "Resources", "Rules", "Transform",
    ]
    static let serverlessTransform = "AWS::Serverless-2016-10-31"

    /// - Parameter root: the document's top.
    init(_ root: TemplateMap, at location: SourceLocation, overrides: [String: String]) {
        for entry in root.entries where !Self.names.contains(entry.key) && entry.key != "Fn::Transform" {
            // YAML anchors are often kept in a section of one's own; CloudFormation refuses it, SAM CLI does not.
            let hint = NearestName.of(entry.key, among: Self.names).map { "Did you mean \($0)?" }
            warn(.section(entry.key), "this is not a section of a template", at: entry.keyLocation, hint: hint)
        }
        readTransforms(root["Transform"])
        mappings = section("Mappings", of: root)
        conditions = section("Conditions", of: root)
        var reader = ParameterReader(overrides: overrides)
        reader.read(section("Parameters", of: root))
        parameters = reader.parameters
        diagnostics += reader.diagnostics
        readResources(root, at: location)
        readGlobals(section("Globals", of: root))
        checkTransform()
    }

    /// Whether a name that the template does not define may still exist after SAM or a macro has transformed it:
    /// SAM derives names such as `MyFunctionRole` from a resource's, and `ServerlessRestApi` from nothing.
    func mayBeGenerated(_ name: String) -> Bool {
        if transforms.contains(where: { $0 != Self.serverlessTransform && !Self.harmlessTransforms.contains($0) }) {
            return true
        }
        guard transforms.contains(Self.serverlessTransform), name.utf8.count <= 255 else { return false }
        if name.hasPrefix("Serverless") { return true }
        return name.indices.dropFirst().contains { resources[String(name[..<$0])] != nil }
    }

    private static let harmlessTransforms = ["AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen"]

    private mutating func section(_ name: String, of root: TemplateMap) -> TemplateMap? {
        guard let value = root[name], !value.isNull else { return nil }
        guard let map = value.map else {
            error(.section(name), "\(name) is a mapping, not \(value.kindName)", at: value.location)
            return nil
        }
        return map
    }

    private mutating func readTransforms(_ value: TemplateValue?) {
        guard let value else { return }
        for item in value.list ?? [value] {
            if let name = item.string ?? item.map?["Name"]?.string {
                transforms.append(name)
            } else {
                error(.section("Transform"), "Transform is a name or a list of names", at: item.location)
            }
        }
    }

    // MARK: Resources

    private mutating func readResources(_ root: TemplateMap, at location: SourceLocation) {
        guard let value = root["Resources"] else {
            error(
                .section("Resources"),
                "the template has no Resources section",
                at: location,
                hint:
                    "A template begins with Resources: and, below it, a function with Type: AWS::Serverless::Function."
            )
            return
        }
        if value.isNull { return }
        guard let map = value.map else {
            error(
                .section("Resources"),
                "Resources is a mapping of logical ids to resources, not \(value.kindName)",
                at: value.location
            )
            return
        }
        for entry in map.entries { readResource(entry) }
    }

    private mutating func readResource(_ entry: TemplateMap.Entry) {
        let subject = TemplateSubject.resource(entry.key)
        if entry.key.hasPrefix("Fn::") {
            warn(
                subject,
                "Apus does not expand \(entry.key); functions that it would make are left out",
                at: entry.keyLocation
            )
            return
        }
        // The logical id becomes a directory's name and a make target's, so this is also a matter of safety.
        guard Self.isLogicalID(entry.key) else {
            error(
                .section("Resources"),
                "the logical id '\(entry.key.prefix(80))' must consist of letters and digits only, 255 at most",
                at: entry.keyLocation
            )
            return
        }
        guard let map = entry.value.map else {
            error(subject, "a resource is a mapping with a Type, not \(entry.value.kindName)", at: entry.value.location)
            return
        }
        guard let type = map["Type"]?.string else {
            error(
                subject,
                "the resource has no Type",
                at: map["Type"]?.location ?? entry.keyLocation,
                hint: "Add a line such as Type: AWS::Serverless::Function."
            )
            return
        }
        resources.append(
            TemplateResource(
                id: entry.key,
                location: entry.keyLocation,
                type: type,
                properties: members("Properties", of: map, entry.key),
                metadata: members("Metadata", of: map, entry.key),
                condition: map["Condition"]
            )
        )
        checkType(type, map, entry.key)
    }

    private mutating func members(_ name: String, of resource: TemplateMap, _ id: String) -> TemplateMap? {
        guard let value = resource[name], !value.isNull else { return nil }
        guard let map = value.map else {
            error(.attribute(name, of: id), "\(name) is a mapping, not \(value.kindName)", at: value.location)
            return nil
        }
        return map
    }

    /// A mistyped function type would make the function vanish without a word.
    private mutating func checkType(_ type: String, _ map: TemplateMap, _ id: String) {
        let known = [
            "AWS::Serverless::Function", "AWS::Lambda::Function", "AWS::Serverless::LayerVersion",
            "AWS::Lambda::LayerVersion",
        ]
        guard !known.contains(type), let meant = NearestName.of(type, among: known), let value = map["Type"] else {
            return
        }
        let service = type.split(separator: ":").dropFirst().first
        // Real types that happen to be near, such as AWS::Lambda::Version, are no mistakes.
        guard !Self.realNeighbours.contains(type), service != nil else { return }
        warn(
            .attribute("Type", of: id),
            "\(type) is not a type that Apus knows",
            at: value.location,
            hint: "Did you mean \(meant)?"
        )
    }

    private static let realNeighbours: Set<String> = [
        "AWS::Serverless::Application", "AWS::Serverless::Api", "AWS::Serverless::HttpApi",
        "AWS::Serverless::Connector",
        "AWS::Serverless::SimpleTable", "AWS::Serverless::StateMachine", "AWS::Serverless::GraphQLApi",
        "AWS::Serverless::WebFunction", "AWS::Lambda::Alias", "AWS::Lambda::CodeSigningConfig",
        "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::LayerVersionPermission",
        "AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Lambda::Version", "AWS::AppSync::FunctionConfiguration",
        "AWS::CloudFront::Function", "AWS::CloudFormation::Version",
    ]

    private static func isLogicalID(_ id: String) -> Bool {
        (1...255).contains(id.utf8.count)
            && id.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }

    // MARK: Globals

    private mutating func readGlobals(_ section: TemplateMap?) {
        guard let value = section?["Function"], !value.isNull else { return }
        guard let map = value.map else {
            error(.section("Globals.Function"), "it is a mapping, not \(value.kindName)", at: value.location)
            return
        }
        globals = map
        for entry in map.entries where !KnownProperties.globals.contains(entry.key) {
            let subject = TemplateSubject.section("Globals.Function.\(entry.key)")
            if KnownProperties.serverless.contains(entry.key) {
                warn(
                    subject,
                    "SAM does not take \(entry.key) from Globals",
                    at: entry.keyLocation,
                    hint: "Write it in each function."
                )
            } else {
                let hint = NearestName.of(entry.key, among: KnownProperties.globals).map { "Did you mean \($0)?" }
                warn(subject, "\(entry.key) is not a property of a function", at: entry.keyLocation, hint: hint)
            }
        }
    }

    private mutating func checkTransform() {
        guard !transforms.contains(Self.serverlessTransform), let first = resources.all.first(where: \.isServerless)
        else {
            return
        }
        warn(
            .attribute("Type", of: first.id),
            "\(first.type) needs the SAM transform, and CloudFormation will refuse the template without it",
            at: first.location,
            hint: "Add a line at the top: Transform: \(Self.serverlessTransform)"
        )
    }

    // MARK: Reports

    private mutating func error(
        _ subject: TemplateSubject,
        _ message: String,
        at location: SourceLocation,
        hint: String? = nil
    ) {
        diagnostics.append(TemplateDiagnostic(.error, at: location, subject, message, hint: hint))
    }

    private mutating func warn(
        _ subject: TemplateSubject,
        _ message: String,
        at location: SourceLocation,
        hint: String? = nil
    ) {
        diagnostics.append(TemplateDiagnostic(.warning, at: location, subject, message, hint: hint))
    }
}
