internal import LambdaModel

// What becomes of a function's asynchronous invocations.
extension TemplateReader {
    /// `EventInvokeConfig` and `DeadLetterQueue` of a serverless function, `DeadLetterConfig` of another.
    mutating func eventInvoke(of properties: TemplateMap, _ resource: TemplateResource) -> EventInvokeSettings {
        // An ARN that nobody has given is one that only the cloud knows.
        evaluator.toleratesMissingParameters = true
        defer { evaluator.toleratesMissingParameters = false }
        var result = EventInvokeSettings()
        if resource.isServerless {
            let example = "Write EventInvokeConfig: {MaximumRetryAttempts: 0}"
            if let config = map("EventInvokeConfig", of: properties, resource.id, example: example) {
                readEventInvoke(
                    config,
                    within: .property("EventInvokeConfig", of: resource.id),
                    of: resource,
                    into: &result
                )
            }
        }
        result.deadLetterTarget = deadLetterTarget(of: properties, resource)
        return result
    }

    /// `AWS::Lambda::EventInvokeConfig`. Aliases of a template are not there on this machine, so that the settings count for
    /// the function as a whole, whatever their `Qualifier`; where there are several, those of `$LATEST`.
    mutating func readEventInvokeResource(_ resource: TemplateResource) {
        guard let properties = resource.properties, let name = text("FunctionName", of: properties, resource.id) else {
            return
        }
        let subject = TemplateSubject.property("FunctionName", of: resource.id)
        evaluator.subject = subject
        let reference = FunctionReference(name.scalarText ?? "")
        guard let reference, let index = functions.firstIndex(where: { $0.configuration.name == reference.name }) else {
            if !name.isStandIn {
                evaluator.warn("\(name.excerpt) is not a function of this template", at: name.location)
            }
            return
        }
        evaluator.toleratesMissingParameters = true
        defer { evaluator.toleratesMissingParameters = false }
        let qualifier = text("Qualifier", of: properties, resource.id)?.scalarText ?? "$LATEST"
        let id = functions[index].logicalID
        if let other = eventInvokeOwners[id] {
            evaluator.subject = subject
            evaluator.warn(
                "\(id) has the settings of \(other.id) already, and Apus uses one for all of its versions and aliases",
                at: name.location,
                hint: "The one for $LATEST counts."
            )
            guard qualifier == "$LATEST", other.qualifier != "$LATEST" else { return }
        }
        eventInvokeOwners[id] = (resource.id, qualifier)
        var settings = EventInvokeSettings()
        settings.deadLetterTarget = functions[index].configuration.eventInvoke.deadLetterTarget
        let members = TemplateMap(
            properties.entries.filter { $0.key != "FunctionName" && $0.key != "Qualifier" }.map { entry in
                var entry = entry
                evaluator.subject = .property(entry.key, of: resource.id)
                entry.value = evaluator.resolve(entry.value)
                return entry
            }
        )
        readEventInvoke(members, within: nil, of: resource, into: &settings)
        functions[index].configuration.eventInvoke = settings
    }

    // MARK: Parts

    private static let keys = ["MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"]

    /// - Parameters:
    ///   - config: resolved.
    ///   - owner: the property that it is the value of; `nil`: it is the resource's properties themselves.
    private mutating func readEventInvoke(
        _ config: TemplateMap,
        within owner: TemplateSubject?,
        of resource: TemplateResource,
        into result: inout EventInvokeSettings
    ) {
        for entry in config.entries where entry.value.isUsable {
            let subject = owner?.appending(entry.key) ?? .property(entry.key, of: resource.id)
            evaluator.subject = subject
            switch entry.key {
            case "MaximumRetryAttempts":
                let range = Quotas.eventRetryAttempts
                if let count = integer(entry.value, entry.key, in: range, unit: "retries") {
                    result.maximumRetryAttempts = count
                }
            case "MaximumEventAgeInSeconds":
                let range = Quotas.eventAgeSeconds
                if let age = integer(entry.value, entry.key, in: range, unit: "seconds") {
                    result.maximumEventAge = age
                }
            case "DestinationConfig": readDestinations(entry.value, subject, of: resource, into: &result)
            default: unknownKey(entry, of: "an EventInvokeConfig", known: Self.keys)
            }
        }
    }

    private mutating func readDestinations(
        _ value: TemplateValue,
        _ subject: TemplateSubject,
        of resource: TemplateResource,
        into result: inout EventInvokeSettings
    ) {
        guard let map = mapping(value, "DestinationConfig") else { return }
        for entry in map.entries where entry.value.isUsable {
            let subject = subject.appending(entry.key)
            evaluator.subject = subject
            guard entry.key == "OnSuccess" || entry.key == "OnFailure" else {
                unknownKey(entry, of: "a DestinationConfig", known: ["OnSuccess", "OnFailure"])
                continue
            }
            guard let destination = mapping(entry.value, entry.key) else { continue }
            let target = target(
                of: destination,
                key: "Destination",
                subject,
                at: entry.value.location,
                types: resource.isServerless ? DestinationType.allCases : nil,
                ownName: resource.id + "EventInvokeConfig" + entry.key
            )
            if entry.key == "OnSuccess" { result.onSuccess = target } else { result.onFailure = target }
        }
    }

    private mutating func deadLetterTarget(of properties: TemplateMap, _ resource: TemplateResource) -> String? {
        let property = resource.isServerless ? "DeadLetterQueue" : "DeadLetterConfig"
        let example =
            resource.isServerless ? "{Type: SQS, TargetArn: !GetAtt Queue.Arn}" : "{TargetArn: !GetAtt Queue.Arn}"
        guard let config = map(property, of: properties, resource.id, example: "Write \(property): \(example)"),
            let location = properties[property]?.location
        else { return nil }
        return target(
            of: config,
            key: "TargetArn",
            .property(property, of: resource.id),
            at: location,
            types: resource.isServerless ? [.sqs, .sns] : nil,
            ownName: nil
        )
    }

    /// The ARN that a destination has, or stands for.
    ///
    /// - Parameters:
    ///   - types: the values that SAM takes for `Type`; `nil`: there is no such key.
    ///   - ownName: of the queue or topic that SAM makes where there is no ARN, without its end; `nil`: it makes none.
    private mutating func target(
        of config: TemplateMap,
        key: String,
        _ subject: TemplateSubject,
        at location: SourceLocation,
        types: [DestinationType]?,
        ownName: String?
    ) -> String? {
        let known = types == nil ? [key] : [key, "Type"]
        for entry in config.entries where !known.contains(entry.key) {
            evaluator.subject = subject.appending(entry.key)
            unknownKey(entry, of: "a destination", known: known)
        }
        var type: DestinationType?
        if let types {
            evaluator.subject = subject.appending("Type")
            guard let found = self.type(config["Type"], of: types, at: location) else { return nil }
            type = found
        }
        evaluator.subject = subject.appending(key)
        guard let value = config[key], value.isUsable else {
            guard config[key]?.origin != .failed else { return nil }
            if let ownName, let type, type == .sqs || type == .sns {
                return arn(of: type, ownName + (type == .sqs ? "Queue" : "Topic"))
            }
            evaluator.error("\(key) is missing", at: location, hint: "Add \(key) with an ARN.")
            return nil
        }
        return arn(value, key, type)
    }

    private mutating func type(
        _ value: TemplateValue?,
        of types: [DestinationType],
        at location: SourceLocation
    ) -> DestinationType? {
        let words = types.map(\.rawValue)
        guard let value, value.isUsable else {
            if value?.origin != .failed {
                evaluator.error("Type is missing", at: location, hint: "It is one of \(words.joined(separator: ", ")).")
            }
            return nil
        }
        if let type = value.scalarText.flatMap({ DestinationType(rawValue: $0) }), types.contains(type) { return type }
        let meant = NearestName.of(value.scalarText ?? "", among: words)
        evaluator.error(
            "Type must be \(words.joined(separator: " or ")), not \(value.excerpt)",
            at: value.location,
            hint: meant.map { "Did you mean \($0)?" }
        )
        return nil
    }

    /// An ARN as it stands; where only the cloud knows it, one that names the same thing.
    private mutating func arn(_ value: TemplateValue, _ key: String, _ type: DestinationType?) -> String? {
        guard let text = value.scalarText else {
            evaluator.error("\(key) is an ARN, not \(value.kindName)", at: value.location)
            return nil
        }
        if text.hasPrefix("arn:") { return text }
        if value.isStandIn {
            // `Queue.Arn`, `Topic`
            let name = text.split(separator: ".").first.map(String.init) ?? text
            let known = evaluator.sections.resources[name].flatMap { DestinationType(resourceType: $0.type) }
            return (known ?? type).map { arn(of: $0, known == nil ? text : name) } ?? text
        }
        var named = evaluator.sections.resources[text]?.id
        if case .resource(let id) = value.origin { named = id }
        evaluator.error(
            "\(key) is an ARN, not \(value.excerpt)",
            at: value.location,
            hint: named.map { "Write !GetAtt \($0).Arn" }
        )
        return nil
    }

    private func arn(of type: DestinationType, _ name: String) -> String {
        type.arn(name, region: options.region, accountID: options.accountID)
    }

    private mutating func mapping(_ value: TemplateValue, _ name: String) -> TemplateMap? {
        if let map = value.map { return map }
        if value.isStandIn {
            unknownHere(name, value)
        } else {
            evaluator.error("\(name) is a mapping, not \(value.kindName)", at: value.location)
        }
        return nil
    }

    mutating func unknownKey(_ entry: TemplateMap.Entry, of what: String, known: [String]) {
        evaluator.error(
            "\(entry.key) is not a key of \(what)",
            at: entry.keyLocation,
            hint: NearestName.of(entry.key, among: known).map { "Did you mean \($0)?" }
        )
    }
}

extension TemplateValue {
    /// Whether there is something to be read, or to complain of.
    var isUsable: Bool { origin != .failed && origin != .noValue && !isNull }
}
