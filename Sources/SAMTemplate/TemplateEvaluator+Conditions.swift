internal import LambdaModel

// If, Equals, And, Or, Not, Condition.
extension TemplateEvaluator {
    mutating func ifElse(_ argument: TemplateValue) -> TemplateValue {
        guard let parts = argument.list, parts.count == 3, let name = parts[0].name else {
            return fail("If takes [CONDITION'S NAME, VALUE IF TRUE, VALUE IF FALSE]", at: argument.location)
        }
        switch condition(named: name, at: parts[0].location) {
        case true?: return resolve(parts[1])
        case false?: return resolve(parts[2])
        case nil: return TemplateValue(.null, at: argument.location, origin: .failed)
        }
    }

    /// A condition function used as a value.
    mutating func truth(of call: IntrinsicCall, at location: SourceLocation) -> TemplateValue {
        guard let result = evaluate(call) else { return TemplateValue(.null, at: location, origin: .failed) }
        return TemplateValue(.bool(result), at: location)
    }

    /// Whether the condition holds; `nil` after an error, which is reported once per condition.
    mutating func condition(named name: String, at location: SourceLocation) -> Bool? {
        switch conditionStates[name] {
        case .known(let result): return result
        case .inProgress:
            error("the condition \(name) depends on itself", at: location)
            return nil
        case nil: break
        }
        guard let written = sections.conditions?[name] else {
            let known = sections.conditions?.keys ?? []
            error("there is no condition \(name)\(NearestName.suggestion(for: name, among: known))", at: location)
            return nil
        }
        conditionStates[name] = .inProgress
        let (outer, outerTolerance) = (subject, toleratesMissingParameters)
        subject = .section("Conditions." + name)
        toleratesMissingParameters = false
        let result = holds(written)
        (subject, toleratesMissingParameters) = (outer, outerTolerance)
        conditionStates[name] = .known(result)
        return result
    }

    /// The truth of a condition's definition or operand.
    private mutating func holds(_ value: TemplateValue) -> Bool? {
        guard descend(at: value.location) else { return nil }
        defer { ascend() }
        if let call = IntrinsicCall(value), Self.conditionFunctions.contains(call.name) { return evaluate(call) }
        if let map = value.map, map.entries.count == 1, let entry = map.entries.first, entry.key == "Condition" {
            guard let name = entry.value.name else {
                error("Condition takes a condition's name", at: entry.value.location)
                return nil
            }
            return condition(named: name, at: entry.value.location)
        }
        return boolean(resolve(value))
    }

    private static let conditionFunctions: Set<String> = ["Condition", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or"]

    private mutating func boolean(_ value: TemplateValue) -> Bool? {
        if value.origin == .failed { return nil }
        switch value.scalarText?.lowercased() {
        case "true": return true
        case "false": return false
        default:
            error(
                "a condition is true, false or one of Equals, And, Or, Not, Condition, not \(value.excerpt)",
                at: value.location
            )
            return nil
        }
    }

    private mutating func evaluate(_ call: IntrinsicCall) -> Bool? {
        let place = call.argument.location
        switch call.name {
        case "Condition":
            guard let name = call.argument.name else {
                error("Condition takes a condition's name", at: place)
                return nil
            }
            return condition(named: name, at: place)
        case "Fn::Equals": return equals(call.argument)
        case "Fn::Not":
            guard let operands = operands(call, allowed: 1...1) else { return nil }
            return operands[0].map { !$0 }
        case "Fn::And":
            guard let operands = operands(call, allowed: 2...10) else { return nil }
            return operands.contains(nil) ? nil : operands.allSatisfy { $0 == true }
        case "Fn::Or":
            guard let operands = operands(call, allowed: 2...10) else { return nil }
            return operands.contains(nil) ? nil : operands.contains(true)
        default: return nil
        }
    }

    private mutating func operands(_ call: IntrinsicCall, allowed: ClosedRange<Int>) -> [Bool?]? {
        guard let items = call.argument.list, allowed.contains(items.count) else {
            let count = allowed.count == 1 ? "one condition" : "2 to 10 conditions"
            error("\(call.name) takes a list of \(count)", at: call.argument.location)
            return nil
        }
        return items.map { holds($0) }
    }

    /// Values are compared as CloudFormation compares them: as text, so that `true` equals `"true"`.
    private mutating func equals(_ argument: TemplateValue) -> Bool? {
        guard let items = argument.list, items.count == 2 else {
            error("Equals takes [VALUE, VALUE]", at: argument.location)
            return nil
        }
        let one = resolve(items[0])
        let other = resolve(items[1])
        guard one.origin != .failed, other.origin != .failed else { return nil }
        return (one.scalarText ?? one.json) == (other.scalarText ?? other.json)
    }
}
