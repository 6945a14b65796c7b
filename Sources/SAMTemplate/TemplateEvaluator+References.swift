internal import LambdaModel

// Ref, GetAtt, ImportValue, FindInMap: values that stand elsewhere.
extension TemplateEvaluator {
    mutating func ref(_ argument: TemplateValue) -> TemplateValue {
        guard let name = argument.string else {
            return fail(
                "Ref takes the name of a parameter or resource, not \(argument.kindName)",
                at: argument.location
            )
        }
        return reference(name, at: argument.location)
    }

    /// What `Ref` of `name` gives, also within `Sub`.
    mutating func reference(_ name: String, at location: SourceLocation) -> TemplateValue {
        if let value = pseudoParameters.value(of: name, at: location) { return value }
        if let parameter = sections.parameters[name] { return value(of: parameter, at: location) }
        guard let resource = sections.resources[name] else { return unknownName(name, at: location) }
        if resource.isFunction {
            let text = TemplateValue.Kind.string(functionName(of: resource))
            return TemplateValue(text, at: location, origin: .resource(name))
        }
        let origin: TemplateValue.Origin =
            resource.isLayer ? .resource(name) : .standIn("what Ref of \(name) gives exists only in the cloud")
        return TemplateValue(.string(name), at: location, origin: origin)
    }

    private mutating func value(of parameter: TemplateParameter, at location: SourceLocation) -> TemplateValue {
        if var value = parameter.value {
            value.location = location
            return value
        }
        let message = "the parameter \(parameter.name) has no default and was given no value"
        let hint = "Pass one with --parameter-overrides \(parameter.name)=VALUE."
        guard toleratesMissingParameters else { return fail(message, at: location, hint: hint) }
        warn(message + "; its name stands in for it", at: location, hint: hint)
        return TemplateValue(.string(parameter.name), at: location, origin: .standIn(message))
    }

    /// SAM makes resources of its own (`MyFunctionRole`, `ServerlessRestApi`), and macros may make any.
    private mutating func unknownName(_ name: String, at location: SourceLocation) -> TemplateValue {
        let standIn = TemplateValue(
            .string(name),
            at: location,
            origin: .standIn("what Ref of \(name) gives exists only in the cloud")
        )
        if sections.mayBeGenerated(name) { return standIn }
        let known = sections.parameters.keys.sorted() + sections.resources.ids + PseudoParameters.names
        return fail(
            "\(name.isEmpty ? "an empty name" : name) is neither a parameter nor a resource of this template",
            at: location,
            hint: NearestName.of(name, among: known).map { "Did you mean \($0)?" }
        )
    }

    /// The physical name of a function: its `FunctionName`, or its logical id.
    mutating func functionName(of resource: TemplateResource) -> String {
        guard let written = resource.properties?["FunctionName"] else { return resource.id }
        guard namesInProgress.insert(resource.id).inserted else {
            error("the name of the function \(resource.id) depends on itself", at: written.location)
            return resource.id
        }
        defer { namesInProgress.remove(resource.id) }
        return resolve(written).scalarText ?? resource.id
    }

    // MARK: GetAtt

    mutating func getAtt(_ argument: TemplateValue) -> TemplateValue {
        if let text = argument.string {
            guard let dot = text.firstIndex(of: "."), dot != text.startIndex, text.index(after: dot) != text.endIndex
            else {
                return fail("GetAtt takes RESOURCE.ATTRIBUTE, not \(argument.excerpt)", at: argument.location)
            }
            let attribute = String(text[text.index(after: dot)...])
            return self.attribute(attribute, of: String(text[..<dot]), at: argument.location)
        }
        guard let items = argument.list, items.count >= 2, let name = items[0].string else {
            return fail("GetAtt takes [RESOURCE, ATTRIBUTE]", at: argument.location)
        }
        var attributes: [String] = []
        for item in items.dropFirst() {
            let value = resolve(item)
            if value.origin == .failed { return value }
            guard let text = value.scalarText else {
                return fail("GetAtt takes the attribute's name as a string, not \(value.kindName)", at: item.location)
            }
            attributes.append(text)
        }
        return attribute(attributes.joined(separator: "."), of: name, at: argument.location)
    }

    /// What `GetAtt` gives, also within `Sub`.
    mutating func attribute(_ attribute: String, of name: String, at location: SourceLocation) -> TemplateValue {
        let unknown = "\(name).\(attribute) exists only in the cloud"
        let standIn = TemplateValue(.string("\(name).\(attribute)"), at: location, origin: .standIn(unknown))
        guard let resource = sections.resources[name] else {
            let reported = unknownName(name, at: location)
            return reported.origin == .failed ? reported : standIn
        }
        if resource.isFunction, attribute == "Arn" {
            let arn = FunctionARN(
                region: pseudoParameters.region,
                accountID: pseudoParameters.accountID,
                functionName: functionName(of: resource)
            )
            return TemplateValue(.string(arn.description), at: location, origin: .resource(name))
        }
        if resource.isLayer {
            return TemplateValue(standIn.kind, at: location, origin: .resource(name))
        }
        return standIn
    }

    mutating func importValue(_ argument: TemplateValue) -> TemplateValue {
        let name = resolve(argument)
        if name.origin == .failed { return name }
        guard let text = name.scalarText else {
            return fail("ImportValue takes the name of an export, not \(name.kindName)", at: argument.location)
        }
        return TemplateValue(
            .string("ImportValue.\(text)"),
            at: argument.location,
            origin: .standIn("the export \(text) exists only in the cloud")
        )
    }

    // MARK: FindInMap

    mutating func findInMap(_ argument: TemplateValue) -> TemplateValue {
        guard let items = argument.list, (3...4).contains(items.count) else {
            return fail("FindInMap takes [MAP, TOP-LEVEL KEY, SECOND-LEVEL KEY]", at: argument.location)
        }
        var keys: [String] = []
        for item in items.prefix(3) {
            let value = resolve(item)
            if value.origin == .failed { return value }
            guard let text = value.scalarText else {
                return fail("FindInMap takes strings, not \(value.kindName)", at: item.location)
            }
            keys.append(text)
        }
        let fallback = items.count == 4 ? items[3].map?["DefaultValue"] : nil
        let (found, failure) = lookUp(keys)
        if let found { return resolve(found) }
        if let fallback { return resolve(fallback) }
        return fail(failure, at: argument.location)
    }

    private func lookUp(_ keys: [String]) -> (TemplateValue?, failure: String) {
        let (name, top, second) = (keys[0], keys[1], keys[2])
        guard let mappings = sections.mappings, let map = mappings[name]?.map else {
            let known = sections.mappings?.keys ?? []
            return (nil, "there is no mapping \(name)\(NearestName.suggestion(for: name, among: known))")
        }
        guard let row = map[top]?.map else {
            return (nil, "the mapping \(name) has no key \(top)\(NearestName.suggestion(for: top, among: map.keys))")
        }
        guard let value = row[second] else {
            let meant = NearestName.suggestion(for: second, among: row.keys)
            return (nil, "the mapping \(name) has no key \(second) below \(top)\(meant)")
        }
        return (value, "")
    }
}
