internal import LambdaModel

extension SAMTemplate {
    /// The template that goes to `.aws-sam/build/template.yaml`: the original with the code of what was built replaced,
    /// and every other local path adjusted to the new directory, as SAM CLI does it. Intrinsic functions stay as
    /// written.
    ///
    /// - Parameters:
    ///   - codeLocations: path on this machine by logical id, of functions and layers.
    ///   - newDirectory: the directory that the text will be written to.
    ///   - asJSON: JSON in place of YAML, intrinsic functions in their long form.
    package func builtTemplateText(
        codeLocations: [String: String],
        newDirectory: String,
        asJSON: Bool = false
    ) -> String {
        let relocation = PathRelocation(
            from: LexicalPath.absolute(directory),
            to: LexicalPath.absolute(newDirectory)
        )
        let result = BuiltTemplate(codeLocations, relocation).rewrite(document)
        return asJSON ? result.longForm.indentedText + "\n" : YAMLWriter.text(of: result)
    }
}
