/// One entry of `Resources` as written, its intrinsic functions unresolved.
struct TemplateResource {
    let id: String
    let location: SourceLocation
    let type: String
    let properties: TemplateMap?
    let metadata: TemplateMap?
    /// The value of `Condition`.
    let condition: TemplateValue?

    var isServerless: Bool { type.hasPrefix("AWS::Serverless::") }
    var isFunction: Bool { type == "AWS::Serverless::Function" || type == "AWS::Lambda::Function" }
    var isLayer: Bool { type == "AWS::Serverless::LayerVersion" || type == "AWS::Lambda::LayerVersion" }
    var isEventInvokeConfig: Bool { type == "AWS::Lambda::EventInvokeConfig" }
}

/// The `Resources` section, in the order of the file.
struct TemplateResources {
    private(set) var all: [TemplateResource] = []
    private var index: [String: Int] = [:]

    var ids: [String] { all.map(\.id) }

    subscript(id: String) -> TemplateResource? { index[id].map { all[$0] } }

    mutating func append(_ resource: TemplateResource) {
        index[resource.id] = all.count
        all.append(resource)
    }
}
