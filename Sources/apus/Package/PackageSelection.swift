import FunctionBuild
import LambdaModel
import SAMTemplate

/// What of a template is to be packaged, and what stays as the template says it.
struct PackageSelection {
    private(set) var items: [PackageItem] = []
    /// Functions and layers without code on this machine, with the reason.
    private(set) var skipped: [(logicalID: String, reason: String)] = []

    /// - Parameters:
    ///   - names: logical ids or function names; empty means everything.
    ///   - isBuilt: whether the template says where built code lies, rather than sources.
    init(_ template: SAMTemplate, names: [String], isBuilt: Bool) throws(ApusError) {
        let (functions, layers) = try Self.wanted(template, names)
        for function in functions { try add(function, isBuilt: isBuilt, isNamed: !names.isEmpty) }
        for layer in layers { try add(layer, isBuilt: isBuilt, isNamed: !names.isEmpty) }
    }

    private static func wanted(
        _ template: SAMTemplate,
        _ names: [String]
    ) throws(ApusError) -> ([TemplateFunction], [TemplateLayer]) {
        guard !names.isEmpty else { return (template.functions, template.layers) }
        var functions: [TemplateFunction] = []
        var layers: [TemplateLayer] = []
        // A name given twice is still one package.
        for name in names {
            if let layer = template.layers.first(where: { $0.logicalID == name }) {
                if !layers.contains(layer) { layers.append(layer) }
            } else {
                let function = try template.function(named: name)
                if !functions.contains(function) { functions.append(function) }
            }
        }
        return (functions, layers)
    }

    private mutating func add(_ function: TemplateFunction, isBuilt: Bool, isNamed: Bool) throws(ApusError) {
        guard let code = function.code else {
            return try skip(function.logicalID, function.codeObstacle, isNamed: isNamed)
        }
        try checkBuilt(function.logicalID, function.build, isBuilt: isBuilt)
        let hasLayers = !function.layers.isEmpty || function.runObstacle != nil
        items.append(
            PackageItem(
                logicalID: function.logicalID,
                code: code,
                layers: function.layers.map(\.logicalID),
                needsBootstrap: function.configuration.runtime.isCustom && !hasLayers
            )
        )
    }

    private mutating func add(_ layer: TemplateLayer, isBuilt: Bool, isNamed: Bool) throws(ApusError) {
        guard let content = layer.content else { return try skip(layer.logicalID, layer.obstacle, isNamed: isNamed) }
        try checkBuilt(layer.logicalID, layer.build, isBuilt: isBuilt)
        items.append(PackageItem(logicalID: layer.logicalID, kind: .layer, code: content))
    }

    /// An image, an S3 object, inline code: the template says all there is. A path that leads nowhere is an error.
    private mutating func skip(_ logicalID: String, _ obstacle: ApusError?, isNamed: Bool) throws(ApusError) {
        let obstacle = obstacle ?? ApusError("code.missing", "\(logicalID) has no code on this machine")
        if isNamed || obstacle.code == "code.missing" { throw obstacle }
        skipped.append((logicalID, obstacle.message))
    }

    private func checkBuilt(_ logicalID: String, _ build: BuildSettings, isBuilt: Bool) throws(ApusError) {
        guard !isBuilt, let method = build.method, !build.isSkipped else { return }
        throw ApusError(
            .packageNothing,
            "\(logicalID) is not built: BuildMethod is \(method), and there is no built template",
            hint: "Run `apus build` first. To pack the sources as they are, name the template with -t."
        )
    }
}
