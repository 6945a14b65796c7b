internal import LambdaModel

// Where the code of functions and the content of layers lies.
extension TemplateReader {
    typealias FoundCode = (code: FunctionCode?, obstacle: ApusError?)

    mutating func code(of resource: TemplateResource, _ properties: TemplateMap) -> FoundCode {
        let id = resource.id
        if let type = text("PackageType", of: properties, id)?.scalarText, type == "Image" {
            return (nil, imageObstacle(id))
        }
        if let path = assetPath(of: resource) { return local(path, "Metadata.aws:asset:path", of: id, what: id) }
        if resource.type == "AWS::Lambda::Function" { return lambdaCode(id, properties) }
        if properties["ImageUri"] != nil { return (nil, imageObstacle(id)) }
        if properties["InlineCode"] != nil { return (nil, inlineObstacle(id)) }
        guard let value = value("CodeUri", of: properties, id) else {
            return (nil, missing("CodeUri", of: id, at: resource.location, isWritten: properties["CodeUri"] != nil))
        }
        return place(value, "CodeUri", of: id)
    }

    /// `Code` of a plain Lambda function: a local path as `aws cloudformation package` takes it, or what is deployed.
    private mutating func lambdaCode(_ id: String, _ properties: TemplateMap) -> FoundCode {
        guard let value = value("Code", of: properties, id) else {
            let location = properties["Code"]?.location ?? evaluator.sections.resources[id]?.location
            return (nil, missing("Code", of: id, at: location, isWritten: properties["Code"] != nil))
        }
        if value.map?["ZipFile"] != nil { return (nil, inlineObstacle(id)) }
        if value.map?["ImageUri"] != nil { return (nil, imageObstacle(id)) }
        return place(value, "Code", of: id)
    }

    /// The content of a layer.
    mutating func content(of resource: TemplateResource, _ properties: TemplateMap) -> FoundCode {
        if let path = assetPath(of: resource) {
            return local(path, "Metadata.aws:asset:path", of: resource.id, what: resource.id)
        }
        let name = resource.isServerless ? "ContentUri" : "Content"
        guard let value = value(name, of: properties, resource.id) else {
            let isWritten = properties[name] != nil
            return (nil, missing(name, of: resource.id, at: resource.location, isWritten: isWritten))
        }
        return place(value, name, of: resource.id)
    }

    /// CDK leaves the real place of a function's or layer's files in the resource's metadata.
    private func assetPath(of resource: TemplateResource) -> TemplateValue? {
        guard let metadata = resource.metadata, let property = metadata["aws:asset:property"]?.string else {
            return nil
        }
        guard property == "Code" || property == "Content" else { return nil }
        return metadata["aws:asset:path"].flatMap { $0.string == nil ? nil : $0 }
    }

    private mutating func place(_ value: TemplateValue, _ property: String, of id: String) -> FoundCode {
        if case .standIn(let reason) = value.origin {
            return (nil, ApusError("code.unknown", "\(id): \(property) cannot be known here: \(reason)"))
        }
        if value.map != nil { return (nil, remoteObstacle(id, property, "an S3 object")) }
        guard let path = value.scalarText, !path.isEmpty else {
            let given = value.scalarText == nil ? value.kindName : "an empty string"
            evaluator.error(
                "\(property) is a path or an S3 address, not \(given)",
                at: value.location,
                hint: "Write \(property): DIRECTORY, relative to the template."
            )
            return (nil, ApusError("code.missing", "\(id) has no usable \(property)"))
        }
        for scheme in ["s3://", "https://", "http://"] where path.hasPrefix(scheme) {
            return (nil, remoteObstacle(id, property, value.excerpt))
        }
        return local(value, property, of: id, what: "\(property) of \(id)")
    }

    private mutating func local(_ value: TemplateValue, _ property: String, of id: String, what: String) -> FoundCode {
        let written = value.scalarText ?? ""
        let path = LexicalPath.join(directory, written)
        if let found = CodeLocator.locate(path) { return (found, nil) }
        let message = "\(property) \(written) does not exist"
        let hint = "Apus looked for \(LexicalPath.absolute(path)); the path is relative to the template's directory."
        evaluator.subject = .property(property, of: id)
        evaluator.warn(message, at: value.location, hint: hint)
        return (nil, ApusError("code.missing", "\(id): \(message) (\(value.location))", hint: hint))
    }

    private mutating func missing(
        _ property: String,
        of id: String,
        at location: SourceLocation?,
        isWritten: Bool
    ) -> ApusError {
        let message = "\(property) is missing"
        let hint = "Add \(property): DIRECTORY, relative to the template, where the code lies."
        if !isWritten, let location {
            evaluator.subject = .property(property, of: id)
            evaluator.warn(message, at: location, hint: hint)
        }
        return ApusError("code.missing", "\(id): \(message)", hint: hint)
    }

    private func imageObstacle(_ id: String) -> ApusError {
        ApusError(
            "code.image",
            "\(id) is a container image (PackageType: Image), which Apus neither builds nor looks into",
            hint:
                "It can be invoked where its name is known, by ImageUri or by the Metadata of `sam build`, which makes it."
        )
    }

    private func inlineObstacle(_ id: String) -> ApusError {
        ApusError(
            "code.inline",
            "\(id) has its code inline in the template, which only managed runtimes can run",
            hint: "Put the code into a directory and name it by CodeUri."
        )
    }

    private func remoteObstacle(_ id: String, _ property: String, _ address: String) -> ApusError {
        ApusError(
            "code.remote",
            "\(property) of \(id) is \(address), and Apus takes code only from this machine",
            hint: "Write \(property): DIRECTORY or \(property): FILE.zip, relative to the template."
        )
    }
}
