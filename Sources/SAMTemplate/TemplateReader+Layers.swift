internal import LambdaModel

// Layers, and the functions' references to them.
extension TemplateReader {
    mutating func layer(_ resource: TemplateResource) -> TemplateLayer {
        let properties = resource.properties ?? TemplateMap()
        checkNames(
            of: resource.properties,
            resource.id,
            known: resource.isServerless ? KnownProperties.serverlessLayer : KnownProperties.lambdaLayer,
            what: "a layer"
        )
        let found = content(of: resource, properties)
        return TemplateLayer(
            logicalID: resource.id,
            content: found.code,
            build: buildSettings(of: resource),
            compatibleRuntimes: texts("CompatibleRuntimes", of: properties, resource.id),
            compatibleArchitectures: texts("CompatibleArchitectures", of: properties, resource.id)
                .compactMap(Architecture.init(rawValue:)),
            obstacle: found.obstacle,
            location: resource.location
        )
    }

    private mutating func texts(_ name: String, of properties: TemplateMap, _ id: String) -> [String] {
        guard let value = value(name, of: properties, id) else { return [] }
        return (value.list ?? [value]).compactMap(\.scalarText)
    }

    /// `Layers` of a function: those of this template, and why others cannot be had.
    mutating func layers(of properties: TemplateMap, _ id: String) -> ([TemplateLayer], obstacle: ApusError?) {
        guard let value = value("Layers", of: properties, id) else { return ([], nil) }
        guard let items = value.list else {
            evaluator.error(
                "Layers is a list, not \(value.kindName)",
                at: value.location,
                hint: "Write Layers: and below it an item such as - !Ref MyLayer."
            )
            return ([], nil)
        }
        if items.count > Quotas.layers {
            evaluator.error(
                "a function has at most \(Quotas.layers) layers, and here are \(items.count)",
                at: value.location,
                hint: "Layers of Globals and of the function add up."
            )
        }
        var found: [TemplateLayer] = []
        var obstacle: ApusError?
        for item in items where item.origin != .failed {
            switch reference(item, of: id) {
            case .success(let layer):
                found.append(layer)
                obstacle = obstacle ?? layer.obstacle
            case .failure(let reason): obstacle = obstacle ?? reason
            }
        }
        return (found, obstacle)
    }

    private mutating func reference(_ item: TemplateValue, of id: String) -> Result<TemplateLayer, ApusError> {
        let hint = "Define the layer in this template (AWS::Serverless::LayerVersion with a local ContentUri)."
        if case .resource(let name) = item.origin {
            if let layer = layerIndex[name] { return .success(layer) }
            if evaluator.sections.resources[name]?.isLayer == true {
                evaluator.error(
                    "the condition of the layer \(name) is false, so there is no such layer",
                    at: item.location,
                    hint: "Use !If with the same condition, and !Ref AWS::NoValue."
                )
            } else {
                evaluator.error("\(name) is not a layer", at: item.location)
            }
            return .failure(ApusError("layer.missing", "\(id) uses the layer \(name), which does not exist"))
        }
        guard let text = item.scalarText else {
            evaluator.error("a layer is an ARN or !Ref of a layer, not \(item.kindName)", at: item.location)
            return .failure(ApusError("layer.missing", "\(id) has a layer that is not an ARN"))
        }
        if item.origin == .literal, !text.hasPrefix("arn:"), let layer = layerIndex[text] {
            evaluator.error(
                "a layer of this template is referred to by !Ref",
                at: item.location,
                hint: "Write !Ref \(text)."
            )
            return .success(layer)
        }
        return .failure(
            ApusError("layer.remote", "\(id) uses the layer \(text), whose content is only in the cloud", hint: hint)
        )
    }

    /// `Metadata` of a function or layer.
    mutating func buildSettings(of resource: TemplateResource) -> BuildSettings {
        guard let metadata = resource.metadata else { return BuildSettings() }
        let id = resource.id
        var settings = BuildSettings(
            method: metadataText("BuildMethod", of: metadata, id),
            workingDirectory: metadataText("WorkingDirectory", of: metadata, id),
            contextPath: metadataText("ContextPath", of: metadata, id),
            architecture: metadataText("BuildArchitecture", of: metadata, id),
            isSkipped: metadataText("SkipBuild", of: metadata, id) == "true"
        )
        guard let written = metadata["BuildProperties"] else { return settings }
        evaluator.subject = .attribute("Metadata.BuildProperties", of: id)
        let value = evaluator.resolve(written)
        guard let map = value.map else {
            if value.origin != .failed {
                evaluator.error("BuildProperties is a mapping, not \(value.kindName)", at: value.location)
            }
            return settings
        }
        for entry in map.entries { settings.properties[entry.key] = entry.value.scalarText ?? entry.value.json }
        return settings
    }

    private mutating func metadataText(_ name: String, of metadata: TemplateMap, _ id: String) -> String? {
        guard let written = metadata[name] else { return nil }
        evaluator.subject = .attribute("Metadata." + name, of: id)
        let value = evaluator.resolve(written)
        if value.origin == .failed || value.origin == .noValue { return nil }
        guard let text = value.scalarText else {
            evaluator.error("\(name) is a string, not \(value.kindName)", at: value.location)
            return nil
        }
        return text
    }
}
