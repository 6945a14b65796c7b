internal import LambdaModel

// The alias that SAM publishes for a function, and the environments that are kept ready for it.
extension TemplateReader {
    /// `AutoPublishAlias` and `ProvisionedConcurrencyConfig` of a serverless function.
    mutating func readAlias(
        of properties: TemplateMap,
        _ resource: TemplateResource,
        into configuration: inout FunctionConfiguration
    ) {
        guard resource.isServerless else { return }
        let id = resource.id
        if let value = text("AutoPublishAlias", of: properties, id), let name = value.scalarText {
            if value.isStandIn {
                unknownHere("AutoPublishAlias", value)
            } else if FunctionReference.isAliasName(name) {
                configuration.publishedAlias = name
            } else {
                evaluator.error(
                    "an alias has 1 to 128 letters, digits, hyphens and underscores, and not digits alone, "
                        + "unlike \(value.excerpt)",
                    at: value.location,
                    hint: "Write AutoPublishAlias: live"
                )
            }
        }
        configuration.provisionedConcurrency = provisionedConcurrency(of: properties, id)
    }

    private mutating func provisionedConcurrency(of properties: TemplateMap, _ id: String) -> Int? {
        let example = "Write ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 1}"
        let name = "ProvisionedConcurrencyConfig"
        guard let config = map(name, of: properties, id, example: example) else { return nil }
        let location = properties[name]?.location
        evaluator.subject = .property(name, of: id)
        if properties["AutoPublishAlias"] == nil, let location {
            evaluator.error(
                "\(name) needs an alias whose environments are kept ready",
                at: location,
                hint: "Add AutoPublishAlias: live"
            )
        }
        for entry in config.entries where entry.key != Self.countKey {
            unknownKey(entry, of: "a \(name)", known: [Self.countKey])
        }
        guard let count = config[Self.countKey] else {
            if let location { evaluator.error("\(name) needs \(Self.countKey)", at: location, hint: example) }
            return nil
        }
        evaluator.subject = TemplateSubject.property(name, of: id).appending(Self.countKey)
        guard count.isUsable else { return nil }
        return integer(count, Self.countKey, in: Quotas.provisionedConcurrency, unit: "environments")
    }

    private static let countKey = "ProvisionedConcurrentExecutions"
}
