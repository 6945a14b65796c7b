package import LambdaModel

/// A SAM or CloudFormation template, read for one region, account and set of parameters.
package struct SAMTemplate: Sendable {
    /// What a template does not say itself.
    package struct Options: Sendable {
        /// Values of `Parameters`, which win over their defaults.
        package var parameterOverrides: [String: String]
        /// `AWS::Region`.
        package var region: String
        /// `AWS::AccountId`.
        package var accountID: String
        /// `AWS::StackName`.
        package var stackName: String

        package init(
            parameterOverrides: [String: String] = [:],
            region: String = FunctionARN.defaultRegion,
            accountID: String = FunctionARN.placeholderAccountID,
            stackName: String = "local"
        ) {
            self.parameterOverrides = parameterOverrides
            self.region = region
            self.accountID = accountID
            self.stackName = stackName
        }
    }

    /// The template's path as given.
    package let path: String
    /// Its directory, which local paths in it are relative to.
    package let directory: String
    /// Functions in the order of the file, without those whose condition is false.
    package let functions: [TemplateFunction]
    /// Layers in the order of the file, without those whose condition is false.
    package let layers: [TemplateLayer]
    /// Sorted by position.
    package let warnings: [TemplateDiagnostic]
    /// The file as written, for ``builtTemplateText(codeLocations:newDirectory:)``.
    let document: TemplateValue

    /// Names that a template has when none is given, in the order in which they are tried.
    package static let defaultNames = ["template.yaml", "template.yml", "template.json"]

    /// The template of a directory; the error lists the names that were looked for.
    package static func find(inDirectory directory: String) throws(TemplateError) -> String {
        for name in defaultNames {
            let path = LexicalPath.join(directory, name)
            if CodeLocator.locate(path) != nil { return path }
        }
        let place = directory == "." ? "here" : "in \(directory)"
        throw TemplateError(
            at: nil,
            "there is no template \(place): looked for \(defaultNames.joined(separator: ", "))",
            hint: "Change to the project's directory, or name the template with -t FILE."
        )
    }

    /// Reads and checks a template. All errors are found at once.
    package static func load(path: String, options: Options = Options()) throws(TemplateError) -> SAMTemplate {
        let text = try TextFile.load(path, what: "template").text
        return try parse(text, path: path, options: options)
    }

    /// The same for text at hand; `path` is for messages and for the directory of local paths.
    package static func parse(
        _ text: String,
        path: String,
        options: Options = Options()
    ) throws(TemplateError) -> SAMTemplate {
        let start = SourceLocation(file: path, line: 1, column: 1)
        guard let document = try YAMLDocument.parse(text, file: path), !document.isNull else {
            throw TemplateError(at: start, "the template is empty", hint: "A template has a Resources section.")
        }
        guard let root = document.map, document.tag == nil else {
            throw TemplateError(
                at: document.location,
                "a template is a mapping with a Resources section, not \(document.kindName)"
            )
        }
        let sections = TemplateSections(root, at: document.location, overrides: options.parameterOverrides)
        let pseudo = PseudoParameters(
            region: options.region,
            accountID: options.accountID,
            stackName: options.stackName
        )
        let directory = LexicalPath.directory(of: path)
        let evaluator = TemplateEvaluator(sections: sections, pseudoParameters: pseudo)
        var reader = TemplateReader(evaluator: evaluator, directory: directory, options: options)
        reader.read()
        let diagnostics = TemplateError.sorted(sections.diagnostics + reader.evaluator.diagnostics)
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            throw TemplateError(diagnostics: diagnostics)
        }
        return SAMTemplate(
            path: path,
            directory: directory,
            functions: reader.functions,
            layers: reader.layers,
            warnings: diagnostics,
            document: document
        )
    }

    /// A function by logical id or `FunctionName`; without a name the only one.
    package func function(named name: String? = nil) throws(ApusError) -> TemplateFunction {
        let known = functions.map { function in
            let other = function.configuration.name
            return other == function.logicalID ? other : "\(function.logicalID) (\(other))"
        }
        guard !functions.isEmpty else {
            throw ApusError(
                "template.noFunctions",
                "\(path) has no functions",
                hint: "A function is a resource with Type: AWS::Serverless::Function."
            )
        }
        guard let name else {
            if functions.count == 1 { return functions[0] }
            throw ApusError(
                "template.functionAmbiguous",
                "\(path) has \(functions.count) functions, so name one of them",
                hint: "Functions: \(known.joined(separator: ", "))"
            )
        }
        let found = functions.first { $0.logicalID == name } ?? functions.first { $0.configuration.name == name }
        if let found { return found }
        let names = functions.flatMap { [$0.logicalID, $0.configuration.name] }
        throw ApusError(
            "template.functionUnknown",
            "\(path) has no function '\(name)'\(NearestName.suggestion(for: name, among: names))",
            hint: "Functions: \(known.joined(separator: ", "))"
        )
    }
}
