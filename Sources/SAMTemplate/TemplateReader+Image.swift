internal import LambdaModel

// Functions that are container images.
extension TemplateReader {
    /// The image of a function with `PackageType: Image`; `nil` where its name cannot be known here.
    ///
    /// `ImageUri` names it, as `sam build` writes it too; else it is what `sam build` would make of the Dockerfile that
    /// `Metadata` names: the logical id in lower case, with `DockerTag`.
    mutating func image(of resource: TemplateResource, _ properties: TemplateMap) -> FunctionImage? {
        guard let name = imageName(of: resource, properties) else { return nil }
        var image = FunctionImage(name: name)
        let example = "Write ImageConfig: {Command: [app.handler]}"
        guard let settings = map("ImageConfig", of: properties, resource.id, example: example) else { return image }
        image.entrypoint = words("EntryPoint", of: settings, resource.id)
        image.command = words("Command", of: settings, resource.id)
        image.workingDirectory = text("WorkingDirectory", of: settings, resource.id)?.scalarText
        return image
    }

    private mutating func imageName(of resource: TemplateResource, _ properties: TemplateMap) -> String? {
        let place =
            resource.isServerless ? properties : value("Code", of: properties, resource.id)?.map ?? TemplateMap()
        if place["ImageUri"] != nil {
            guard let value = text("ImageUri", of: place, resource.id), !value.isStandIn else { return nil }
            return value.scalarText.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let metadata = resource.metadata, metadata["Dockerfile"] != nil || metadata["DockerContext"] != nil else {
            return nil
        }
        let tag = text("DockerTag", of: metadata, resource.id)?.scalarText ?? "latest"
        return resource.id.lowercased() + ":" + tag
    }

    /// A list of strings; one string counts as a list of one.
    private mutating func words(_ name: String, of properties: TemplateMap, _ id: String) -> [String]? {
        guard let value = value(name, of: properties, id), !value.isStandIn else { return nil }
        if let word = value.scalarText { return [word] }
        let words = value.list?.compactMap(\.scalarText)
        guard let words, words.count == value.list?.count else {
            evaluator.error("\(name) is a list of strings", at: value.location)
            return nil
        }
        return words
    }
}
