/// One entry of `Parameters` with the value that holds for this run.
struct TemplateParameter {
    let name: String
    /// `nil` when there is neither an override nor a default.
    let value: TemplateValue?
}
