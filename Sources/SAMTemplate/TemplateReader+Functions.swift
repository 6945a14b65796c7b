internal import LambdaModel

// From a function's properties to its configuration.
extension TemplateReader {
    mutating func function(_ resource: TemplateResource) -> TemplateFunction {
        let id = resource.id
        checkNames(
            of: resource.properties,
            id,
            known: resource.isServerless ? KnownProperties.serverless : KnownProperties.lambda,
            what: "a function"
        )
        let properties =
            resource.isServerless
            ? GlobalsMerge.merge(evaluator.sections.globals, into: resource.properties)
            : resource.properties ?? TemplateMap()
        let found = code(of: resource, properties)
        let isImage = found.obstacle?.code == "code.image"
        let runtime = runtime(of: properties, resource, isRequired: !isImage)
        let (layers, layerObstacle) = layers(of: properties, id)
        var configuration = FunctionConfiguration(
            name: name(of: properties, id),
            runtime: runtime.runtime,
            region: options.region,
            accountID: options.accountID
        )
        configuration.handler = handler(of: properties, resource, isExpected: !isImage)
        readSizes(of: properties, id, into: &configuration)
        configuration.architecture = architecture(of: properties, id)
        configuration.environment = environment(of: properties, id)
        configuration.logging = logging(of: properties, id)
        readAlias(of: properties, resource, into: &configuration)
        configuration.eventInvoke = eventInvoke(of: properties, resource)
        return TemplateFunction(
            logicalID: id,
            configuration: configuration,
            code: found.code,
            layers: layers,
            image: isImage ? image(of: resource, properties) : nil,
            build: buildSettings(of: resource),
            codeObstacle: found.obstacle,
            runObstacle: runtime.obstacle ?? layerObstacle,
            location: resource.location
        )
    }

    private mutating func name(of properties: TemplateMap, _ id: String) -> String {
        guard let value = text("FunctionName", of: properties, id), let name = value.scalarText else { return id }
        if value.isStandIn { return id }
        guard Self.isFunctionName(name) else {
            evaluator.error(
                "a function's name has 1 to 64 letters, digits, hyphens and underscores, unlike \(value.excerpt)",
                at: value.location
            )
            return id
        }
        return name
    }

    /// Source: Lambda's API reference, `CreateFunction`, `FunctionName`.
    private static func isFunctionName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
                    || $0 == UInt8(ascii: "_")
            }
    }

    private mutating func handler(
        of properties: TemplateMap,
        _ resource: TemplateResource,
        isExpected: Bool
    ) -> String {
        if let value = text("Handler", of: properties, resource.id) { return value.scalarText ?? "" }
        guard isExpected, properties["Handler"] == nil else { return "" }
        evaluator.subject = .property("Handler", of: resource.id)
        evaluator.warn(
            "Handler is missing, and AWS requires it for a zip package",
            at: resource.location,
            hint: "Add Handler: bootstrap; a custom runtime gets the text as _HANDLER."
        )
        return ""
    }

    // MARK: Runtime and architecture

    private mutating func runtime(
        of properties: TemplateMap,
        _ resource: TemplateResource,
        isRequired: Bool
    ) -> (runtime: FunctionRuntime, obstacle: ApusError?) {
        let id = resource.id
        guard let value = text("Runtime", of: properties, id), let name = value.scalarText else {
            if isRequired, properties["Runtime"] == nil {
                evaluator.subject = .property("Runtime", of: id)
                evaluator.error("Runtime is missing", at: resource.location, hint: "Add Runtime: provided.al2023.")
            }
            return (.providedAL2023, nil)
        }
        if case .standIn(let reason) = value.origin {
            return (
                .providedAL2023, ApusError("runtime.unknown", "the runtime of \(id) cannot be known here: \(reason)")
            )
        }
        guard let runtime = FunctionRuntime(identifier: name) else {
            let meant = NearestName.of(name, among: Self.currentRuntimes) ?? "provided.al2023"
            evaluator.error(
                "Lambda has no runtime \(value.excerpt)",
                at: value.location,
                hint: "Did you mean \(meant)?"
            )
            return (.providedAL2023, nil)
        }
        guard !runtime.isCustom else { return (runtime, nil) }
        let obstacle = ApusError(
            "runtime.managed",
            "\(id) uses the managed runtime \(name), which exists only in AWS's images",
            hint: "Apus runs functions with a custom runtime: Runtime: provided.al2023 and a bootstrap of their own."
        )
        return (runtime, obstacle)
    }

    /// Runtimes worth suggesting, custom ones first.
    private static let currentRuntimes = [
        "provided.al2023", "provided.al2", "provided", "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.10",
        "python3.11",
        "python3.12", "python3.13", "python3.14", "java11", "java17", "java21", "dotnet8", "ruby3.3", "ruby3.4",
    ]

    private mutating func architecture(of properties: TemplateMap, _ id: String) -> Architecture {
        guard let value = value("Architectures", of: properties, id) else { return .x86_64 }
        guard let items = value.list else {
            if value.isStandIn {
                unknownHere("Architectures", value)
            } else {
                let name = value.scalarText.flatMap(Self.architectureMeant)?.rawValue ?? "x86_64"
                evaluator.error(
                    "Architectures is a list, not \(value.kindName)",
                    at: value.location,
                    hint: "Write Architectures: [\(name)]"
                )
            }
            return .x86_64
        }
        guard items.count == 1 else {
            evaluator.error(
                "a function has exactly one architecture, and here are \(items.count)",
                at: value.location,
                hint: "Write Architectures: [x86_64] or [arm64]; a list in Globals and one in the function add up."
            )
            return .x86_64
        }
        let item = items[0]
        if item.isStandIn { unknownHere("Architectures", item) }
        if item.isStandIn || item.origin == .failed { return .x86_64 }
        if let architecture = item.string.flatMap(Architecture.init(rawValue:)) { return architecture }
        let meant = item.scalarText.flatMap(Self.architectureMeant)
        evaluator.error(
            "an architecture is x86_64 or arm64, not \(item.excerpt)",
            at: item.location,
            hint: meant.map { "Write Architectures: [\($0.rawValue)]" }
        )
        return .x86_64
    }

    /// Names that other tools use.
    private static func architectureMeant(_ name: String) -> Architecture? {
        switch name.lowercased() {
        case "arm64", "aarch64", "arm", "armv8", "graviton": .arm64
        case "x86_64", "x86-64", "amd64", "x64", "x86", "intel": .x86_64
        default: nil
        }
    }

    // MARK: Sizes

    private mutating func readSizes(
        of properties: TemplateMap,
        _ id: String,
        into configuration: inout FunctionConfiguration
    ) {
        configuration.timeout = integer(
            "Timeout",
            of: properties,
            id,
            in: Quotas.timeoutSeconds,
            unit: "seconds",
            fallback: configuration.timeout
        )
        configuration.memorySize = integer(
            "MemorySize",
            of: properties,
            id,
            in: Quotas.memoryMB,
            unit: "MB",
            fallback: configuration.memorySize
        )
        if properties["ReservedConcurrentExecutions"] != nil {
            let reserved = integer(
                "ReservedConcurrentExecutions",
                of: properties,
                id,
                in: Quotas.reservedConcurrency,
                unit: "invocations",
                fallback: -1
            )
            // A value that is known only in the cloud limits nothing here.
            configuration.reservedConcurrency = reserved < 0 ? nil : reserved
        }
        guard let storage = map("EphemeralStorage", of: properties, id, example: "Write EphemeralStorage: {Size: 1024}")
        else { return }
        evaluator.subject = .property("EphemeralStorage.Size", of: id)
        guard let size = storage["Size"] else {
            if let location = properties["EphemeralStorage"]?.location {
                let hint = "Write EphemeralStorage: {Size: 1024}"
                evaluator.error("EphemeralStorage needs a Size in MB", at: location, hint: hint)
            }
            return
        }
        guard size.origin != .failed else { return }
        configuration.ephemeralStorage =
            integer(size, "Size", in: Quotas.ephemeralStorageMB, unit: "MB") ?? configuration.ephemeralStorage
    }
}
