internal import LambdaModel

/// Makes functions and layers out of a template's sections.
struct TemplateReader {
    var evaluator: TemplateEvaluator
    /// The template's directory, which local paths are relative to.
    let directory: String
    let options: SAMTemplate.Options
    var functions: [TemplateFunction] = []
    private(set) var layers: [TemplateLayer] = []
    /// Layers by logical id, for the functions that refer to them.
    private(set) var layerIndex: [String: TemplateLayer] = [:]
    /// By a function's logical id, the resource that has its event settings.
    var eventInvokeOwners: [String: (id: String, qualifier: String)] = [:]

    init(evaluator: TemplateEvaluator, directory: String, options: SAMTemplate.Options) {
        self.evaluator = evaluator
        self.directory = directory
        self.options = options
    }

    mutating func read() {
        let resources = evaluator.sections.resources.all
        for resource in resources where resource.isLayer && isIncluded(resource) {
            let layer = layer(resource)
            layers.append(layer)
            layerIndex[layer.logicalID] = layer
        }
        for resource in resources where resource.isFunction && isIncluded(resource) {
            functions.append(function(resource))
        }
        for resource in resources where resource.isEventInvokeConfig && isIncluded(resource) {
            readEventInvokeResource(resource)
        }
        checkNames()
    }

    /// A resource whose condition is false does not exist.
    private mutating func isIncluded(_ resource: TemplateResource) -> Bool {
        guard let condition = resource.condition else { return true }
        evaluator.subject = .attribute("Condition", of: resource.id)
        guard let name = condition.name else {
            evaluator.error("Condition takes a condition's name, not \(condition.kindName)", at: condition.location)
            return false
        }
        return evaluator.condition(named: name, at: condition.location) ?? false
    }

    /// Two functions of one name cannot exist in one account and region.
    private mutating func checkNames() {
        var owners: [String: String] = [:]
        for function in functions {
            let name = function.configuration.name
            if let owner = owners[name] {
                evaluator.subject = .property("FunctionName", of: function.logicalID)
                evaluator.error("the name \(name) is already that of \(owner)", at: function.location)
            }
            owners[name] = function.logicalID
        }
    }
}
