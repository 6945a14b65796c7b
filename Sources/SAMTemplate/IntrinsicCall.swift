/// A use of an intrinsic function in either form: `!Sub text` and `{"Fn::Sub": text}` are the same.
struct IntrinsicCall {
    /// The function's long name: `Ref`, `Condition`, `Fn::Sub`, ….
    let name: String
    let argument: TemplateValue
    /// Whether it was written as a YAML tag, in which `!GetAtt A.B` is allowed to be a string.
    let isShort: Bool

    /// `nil` for a value that is not a call.
    init?(_ value: TemplateValue) {
        if let tag = value.tag {
            let short = String(tag.dropFirst())
            name = short == "Ref" || short == "Condition" ? short : "Fn::" + short
            var plain = value
            plain.tag = nil
            argument = plain
            isShort = true
            return
        }
        guard let map = value.map, map.entries.count == 1, let entry = map.entries.first else { return nil }
        guard entry.key == "Ref" || entry.key.hasPrefix("Fn::") else { return nil }
        name = entry.key
        argument = entry.value
        isShort = false
    }

    /// Short names of all that exist, for suggestions.
    static let shortNames = [
        "Ref", "Sub", "GetAtt", "Join", "Select", "Split", "FindInMap", "If", "Equals", "And", "Or", "Not", "Condition",
        "Base64", "ImportValue", "GetAZs", "Cidr", "Transform", "Length", "ToJsonString",
    ]
}
