/// Rewrites the paths in a template.
struct BuiltTemplate {
    private let codeLocations: [String: String]
    private let relocation: PathRelocation

    /// Properties that hold local paths, by resource type; those that SAM CLI adjusts.
    private static let pathProperties: [String: [[String]]] = [
        "AWS::ApiGateway::RestApi": [["BodyS3Location"]],
        "AWS::ApiGatewayV2::Api": [["BodyS3Location"]],
        "AWS::AppSync::FunctionConfiguration": [
            ["RequestMappingTemplateS3Location"], ["ResponseMappingTemplateS3Location"], ["CodeS3Location"],
        ],
        "AWS::AppSync::GraphQLSchema": [["DefinitionS3Location"]],
        "AWS::AppSync::Resolver": [
            ["RequestMappingTemplateS3Location"], ["ResponseMappingTemplateS3Location"], ["CodeS3Location"],
        ],
        "AWS::CloudFormation::ModuleVersion": [["ModulePackage"]],
        "AWS::CloudFormation::ResourceVersion": [["SchemaHandlerPackage"]],
        "AWS::CloudFormation::Stack": [["TemplateURL"]],
        "AWS::CloudFormation::StackSet": [["TemplateURL"]],
        "AWS::ElasticBeanstalk::ApplicationVersion": [["SourceBundle"]],
        "AWS::Glue::Job": [["Command", "ScriptLocation"]],
        "AWS::Lambda::Function": [["Code"]],
        "AWS::Lambda::LayerVersion": [["Content"]],
        "AWS::Serverless::Api": [["DefinitionUri"]],
        "AWS::Serverless::Application": [["Location"]],
        "AWS::Serverless::Function": [["CodeUri"]],
        "AWS::Serverless::GraphQLApi": [["SchemaUri"]],
        "AWS::Serverless::HttpApi": [["DefinitionUri"]],
        "AWS::Serverless::LayerVersion": [["ContentUri"]],
        "AWS::Serverless::StateMachine": [["DefinitionUri"]],
        "AWS::StepFunctions::StateMachine": [["DefinitionS3Location"]],
    ]

    init(_ codeLocations: [String: String], _ relocation: PathRelocation) {
        self.codeLocations = codeLocations
        self.relocation = relocation
    }

    func rewrite(_ document: TemplateValue) -> TemplateValue {
        var document = relocateIncludes(document)
        document = edit(document, at: ["Globals", "Function", "CodeUri"], relocate)
        for name in ["LicenseUrl", "ReadmeUrl"] {
            document = edit(document, at: ["Metadata", "AWS::ServerlessRepo::Application", name], relocate)
        }
        return edit(document, at: ["Resources"]) { resources in
            guard let map = resources.map else { return resources }
            var result = resources
            result.kind = .map(TemplateMap(map.entries.map(rewrite)))
            return result
        }
    }

    private func rewrite(_ entry: TemplateMap.Entry) -> TemplateMap.Entry {
        var entry = entry
        guard let type = entry.value.map?["Type"]?.string, let paths = Self.pathProperties[type] else { return entry }
        if let location = codeLocations[entry.key], let property = paths.first?.first {
            entry.value = setCode(entry.value, property, to: relocation.relative(location))
        } else {
            for path in paths { entry.value = edit(entry.value, at: ["Properties"] + path, relocate) }
            entry.value = edit(entry.value, at: ["Metadata", "aws:asset:path"], relocate)
        }
        return entry
    }

    /// The built code takes the place of whatever said where the sources are.
    private func setCode(_ resource: TemplateValue, _ property: String, to path: String) -> TemplateValue {
        guard var map = resource.map else { return resource }
        var properties = map["Properties"] ?? TemplateValue(.map(TemplateMap()), at: resource.location)
        var members = properties.map ?? TemplateMap()
        members.set(property, to: TemplateValue(.string(path), at: resource.location))
        properties.kind = .map(members)
        map.set("Properties", to: properties)
        var result = resource
        result.kind = .map(map)
        let value = TemplateValue(.string(path), at: resource.location)
        return edit(result, at: ["Metadata", "aws:asset:path"]) { _ in value }
    }

    /// `Fn::Transform` with `AWS::Include` may stand anywhere.
    private func relocateIncludes(_ value: TemplateValue) -> TemplateValue {
        var result = value
        switch value.kind {
        case .list(let items): result.kind = .list(items.map(relocateIncludes))
        case .map(let map):
            let entries = map.entries.map { entry in
                var entry = entry
                entry.value = relocateIncludes(entry.value)
                if entry.key == "Fn::Transform", entry.value.map?["Name"]?.string == "AWS::Include" {
                    entry.value = edit(entry.value, at: ["Parameters", "Location"], relocate)
                }
                return entry
            }
            result.kind = .map(TemplateMap(entries))
        default: break
        }
        if result.tag == "!Transform", result.map?["Name"]?.string == "AWS::Include" {
            result.tag = nil
            result = edit(result, at: ["Parameters", "Location"], relocate)
            result.tag = value.tag
        }
        return result
    }

    private func relocate(_ value: TemplateValue) -> TemplateValue {
        guard value.tag == nil, let path = value.string, let relocated = relocation.relocated(path) else {
            return value
        }
        return TemplateValue(.string(relocated), at: value.location)
    }

    /// Changes the value at a path of keys, if there is one.
    private func edit(
        _ value: TemplateValue,
        at path: [String],
        _ change: (TemplateValue) -> TemplateValue
    ) -> TemplateValue {
        guard let key = path.first else { return change(value) }
        guard value.tag == nil, var map = value.map, let member = map[key] else { return value }
        map.set(key, to: edit(member, at: Array(path.dropFirst()), change))
        var result = value
        result.kind = .map(map)
        return result
    }
}
