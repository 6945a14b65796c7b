import FunctionBuild
import LambdaModel
import SAMTemplate

/// What of a template is to be built, and why the rest is not.
struct BuildSelection {
    private(set) var requests: [BuildRequest] = []
    /// Functions that Apus cannot build, with the reason; they stay as they are in the built template.
    private(set) var skipped: [(logicalID: String, reason: String)] = []

    /// - Parameters:
    ///   - names: logical ids; empty means everything.
    ///   - targetCPU: the CPU to compile for.
    init(_ template: SAMTemplate, names: [String], targetCPU: String?) throws(ApusError) {
        let layers = Dictionary(template.layers.map { ($0.logicalID, $0) }) { first, _ in first }
        var functions = template.functions
        var wantedLayers = template.layers
        if !names.isEmpty {
            let isLayerName = { (name: String) in layers[name] != nil }
            functions = []
            for name in names where !isLayerName(name) { functions.append(try template.function(named: name)) }
            // A function's own layers are needed to run it.
            let needed = Set(functions.flatMap { $0.layers.map(\.logicalID) } + names.filter(isLayerName))
            wantedLayers = template.layers.filter { needed.contains($0.logicalID) }
        }
        for function in functions { add(function, in: template, isNamed: !names.isEmpty, targetCPU) }
        for layer in wantedLayers { add(layer, in: template, targetCPU) }
        if !names.isEmpty, requests.isEmpty, let first = skipped.first {
            throw ApusError("build.invalid", "\(first.logicalID) cannot be built: \(first.reason)")
        }
    }

    private mutating func add(
        _ function: TemplateFunction,
        in template: SAMTemplate,
        isNamed: Bool,
        _ targetCPU: String?
    ) {
        if function.build.isSkipped && !isNamed {
            skipped.append((function.logicalID, "Metadata.SkipBuild is set"))
        } else if let obstacle = function.codeObstacle {
            skipped.append((function.logicalID, obstacle.message))
        } else if let obstacle = function.runObstacle, function.build.method == nil {
            skipped.append((function.logicalID, obstacle.message))
        } else if let code = function.code {
            requests.append(
                BuildRequest(
                    logicalID: function.logicalID,
                    code: code,
                    method: BuildMethod(name: function.build.method),
                    workingDirectory: function.build.workingDirectory,
                    contextPath: function.build.contextPath,
                    templateDirectory: template.directory,
                    architecture: function.configuration.architecture,
                    runtime: function.configuration.runtime,
                    handler: function.configuration.handler,
                    binary: function.build.properties["Binary"],
                    targetCPU: targetCPU,
                    hasLayers: !function.layers.isEmpty
                )
            )
        }
    }

    /// A layer without a method is used as it stands, as in SAM.
    private mutating func add(_ layer: TemplateLayer, in template: SAMTemplate, _ targetCPU: String?) {
        guard let content = layer.content, layer.build.method != nil, !layer.build.isSkipped else { return }
        requests.append(
            BuildRequest(
                logicalID: layer.logicalID,
                kind: .layer,
                code: content,
                method: BuildMethod(name: layer.build.method),
                workingDirectory: layer.build.workingDirectory,
                contextPath: layer.build.contextPath,
                templateDirectory: template.directory,
                architecture: layer.compatibleArchitectures.first ?? .x86_64,
                targetCPU: targetCPU
            )
        )
    }
}
