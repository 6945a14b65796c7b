internal import LambdaModel

/// Resolves the intrinsic functions of values, as CloudFormation does on deployment, as far as a machine without the
/// deployed stack can: what exists only in the cloud becomes a readable stand-in.
///
/// It never throws: what is wrong becomes a diagnostic about ``subject``, and a value whose origin is `.failed`.
struct TemplateEvaluator {
    let sections: TemplateSections
    let pseudoParameters: PseudoParameters
    /// What is being read at the moment.
    var subject = TemplateSubject.file
    /// Whether a parameter without a value is only worth a warning. So it is in environment variables, which
    /// `--env-vars` sets as often as not; elsewhere Apus needs to know.
    var toleratesMissingParameters = false
    private(set) var diagnostics: [TemplateDiagnostic] = []

    var conditionStates: [String: ConditionState] = [:]
    var namesInProgress: Set<String> = []
    private var depth = 0
    private var steps = 0
    private var producedBytes = 0
    private var isExhausted = false
    private var errorCount = 0

    /// A condition by name.
    enum ConditionState {
        case inProgress
        /// `nil` when its evaluation failed.
        case known(Bool?)
    }

    /// Bounds of one template's evaluation. A template of 1 MB needs a small part of them unless it means harm.
    private static let maximumSteps = 500_000
    private static let maximumProducedBytes = 16 * 1_048_576
    private static let maximumDepth = 150
    /// A page of errors helps, a hundred pages do not.
    private static let maximumErrors = 200

    init(sections: TemplateSections, pseudoParameters: PseudoParameters) {
        self.sections = sections
        self.pseudoParameters = pseudoParameters
    }

    // MARK: Values

    /// The value with every intrinsic function in it resolved. Members and items that are `AWS::NoValue` are gone.
    mutating func resolve(_ value: TemplateValue) -> TemplateValue {
        steps += 1
        guard steps <= Self.maximumSteps, !isExhausted else { return exhausted(at: value.location) }
        guard descend(at: value.location) else { return TemplateValue(.null, at: value.location, origin: .failed) }
        defer { ascend() }
        if let call = IntrinsicCall(value) {
            var result = apply(call, at: value.location)
            result.location = value.location
            return result
        }
        switch value.kind {
        case .list(let items):
            let resolved = items.map { resolve($0) }.filter { $0.origin != .noValue }
            return container(.list(resolved), of: resolved, at: value.location)
        case .map(let map):
            var entries: [TemplateMap.Entry] = []
            for var entry in map.entries {
                entry.value = resolve(entry.value)
                if entry.value.origin != .noValue { entries.append(entry) }
            }
            return container(.map(TemplateMap(entries)), of: entries.map(\.value), at: value.location)
        default: return value
        }
    }

    /// Items keep their own origins; a container fails only as a whole when nothing of it is usable.
    private func container(
        _ kind: TemplateValue.Kind,
        of values: [TemplateValue],
        at location: SourceLocation
    ) -> TemplateValue {
        var result = TemplateValue(kind, at: location)
        result.isSecret = values.contains(where: \.isSecret)
        return result
    }

    private mutating func apply(_ call: IntrinsicCall, at location: SourceLocation) -> TemplateValue {
        switch call.name {
        case "Ref": ref(call.argument)
        case "Fn::GetAtt": getAtt(call.argument)
        case "Fn::Sub": sub(call.argument)
        case "Fn::Join": join(call.argument)
        case "Fn::Select": select(call.argument)
        case "Fn::Split": split(call.argument)
        case "Fn::FindInMap": findInMap(call.argument)
        case "Fn::If": ifElse(call.argument)
        case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition": truth(of: call, at: location)
        case "Fn::Base64": base64(call.argument)
        case "Fn::ImportValue": importValue(call.argument)
        case "Fn::GetAZs": availabilityZones(call.argument)
        case "Fn::Cidr": cidr(call.argument)
        case "Fn::Length": length(call.argument)
        case "Fn::ToJsonString": jsonString(call.argument)
        case "Fn::Transform":
            TemplateValue(
                .string("Fn::Transform"),
                at: location,
                origin: .standIn("the result of Fn::Transform exists only in the cloud")
            )
        default: unknownFunction(call, at: location)
        }
    }

    private mutating func unknownFunction(_ call: IntrinsicCall, at location: SourceLocation) -> TemplateValue {
        let short = String(call.name.hasPrefix("Fn::") ? call.name.dropFirst(4) : call.name[...])
        let written = call.isShort ? "!" + short : call.name
        let meant = NearestName.of(short, among: IntrinsicCall.shortNames).map { name in
            call.isShort ? "!" + name : name == "Ref" ? name : "Fn::" + name
        }
        return fail(
            "\(written) is not an intrinsic function that Apus knows",
            at: location,
            hint: meant.map { "Did you mean \($0)?" }
        )
    }

    // MARK: Reports and bounds

    /// Reports an error about ``subject``.
    mutating func fail(_ message: String, at location: SourceLocation, hint: String? = nil) -> TemplateValue {
        error(message, at: location, hint: hint)
        return TemplateValue(.null, at: location, origin: .failed)
    }

    mutating func error(_ message: String, at location: SourceLocation, hint: String? = nil) {
        guard errorCount < Self.maximumErrors else {
            isExhausted = true
            return
        }
        errorCount += 1
        diagnostics.append(TemplateDiagnostic(.error, at: location, subject, message, hint: hint))
    }

    mutating func warn(_ message: String, at location: SourceLocation, hint: String? = nil) {
        diagnostics.append(TemplateDiagnostic(.warning, at: location, subject, message, hint: hint))
    }

    mutating func report(_ more: [TemplateDiagnostic]) {
        diagnostics += more
    }

    /// Goes one level deeper; `false`, with an error, at the limit. References chain without nesting in the file, so
    /// the document's own depth does not bound the stack.
    mutating func descend(at location: SourceLocation) -> Bool {
        guard depth < Self.maximumDepth else {
            error("references nest more than \(Self.maximumDepth) levels deep", at: location)
            return false
        }
        depth += 1
        return true
    }

    mutating func ascend() {
        depth -= 1
    }

    /// Counts text that a function makes; `false` when it is too much.
    mutating func produce(_ bytes: Int) -> Bool {
        producedBytes += bytes
        return producedBytes <= Self.maximumProducedBytes && !isExhausted
    }

    mutating func exhausted(at location: SourceLocation) -> TemplateValue {
        if !isExhausted {
            isExhausted = true
            error("the template's intrinsic functions expand to more than Apus is willing to compute", at: location)
        }
        return TemplateValue(.null, at: location, origin: .failed)
    }
}
