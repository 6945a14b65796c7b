import LambdaModel

/// A pattern that a value has to match: as the service writes it in its messages, and the check.
struct ConstraintPattern: Sendable {
    let text: String
    let matches: @Sendable (String) -> Bool
}

/// Source: AWS Lambda API reference, the patterns of the request parameters (2026-11).
extension ConstraintPattern {
    static let functionName = ConstraintPattern(text: FunctionReference.pattern) { FunctionReference($0) != nil }

    static let qualifier = ConstraintPattern(text: "(|[a-zA-Z0-9$_-]+)") {
        $0.wholeMatch(of: #/[a-zA-Z0-9$_-]*/#) != nil
    }

    static let role = ConstraintPattern(text: "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+") {
        $0.wholeMatch(of: #/arn:(aws[a-zA-Z-]*)?:iam::[0-9]{12}:role\/?[a-zA-Z_0-9+=,.@\/-]+/#) != nil
    }

    static let handler = ConstraintPattern(text: "[^\\s]+") { !$0.contains { $0.isWhitespace } && !$0.isEmpty }

    static let version = ConstraintPattern(text: "(\\$LATEST|[0-9]+)") {
        $0 == "$LATEST" || $0.wholeMatch(of: #/[0-9]+/#) != nil
    }

    static let aliasName = ConstraintPattern(text: "(?!^[0-9]+$)([a-zA-Z0-9-_]+)") {
        $0.wholeMatch(of: #/[a-zA-Z0-9_-]+/#) != nil && $0.wholeMatch(of: #/[0-9]+/#) == nil
    }

    static let layerName = ConstraintPattern(
        text: "(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+"
    ) { $0.wholeMatch(of: #/(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:[0-9]{12}:layer:)?[a-zA-Z0-9_-]+/#) != nil }

    static let layerVersionARN = ConstraintPattern(
        text: "arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+"
    ) { $0.wholeMatch(of: #/arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:[0-9]{12}:layer:[a-zA-Z0-9_-]+:[0-9]+/#) != nil }

    static let statementID = ConstraintPattern(text: "([a-zA-Z0-9-_]+)") {
        $0.wholeMatch(of: #/[a-zA-Z0-9_-]+/#) != nil
    }

    static let action = ConstraintPattern(text: "(lambda:[*]|lambda:[a-zA-Z]+|[*])") {
        $0.wholeMatch(of: #/lambda:\*|lambda:[a-zA-Z]+|\*/#) != nil
    }

    static let layerAction = ConstraintPattern(text: "lambda:GetLayerVersion") { $0 == "lambda:GetLayerVersion" }

    static let layerPrincipal = ConstraintPattern(text: "\\d{12}|\\*|arn:(aws[a-zA-Z-]*):iam::\\d{12}:root") {
        $0.wholeMatch(of: #/[0-9]{12}|\*|arn:aws[a-zA-Z-]*:iam::[0-9]{12}:root/#) != nil
    }

    static let principal = ConstraintPattern(text: "[^\\s]+", matches: handler.matches)

    static let account = ConstraintPattern(text: "\\d{12}") { $0.wholeMatch(of: #/[0-9]{12}/#) != nil }

    static let organization = ConstraintPattern(text: "o-[a-z0-9]{10,32}") {
        $0.wholeMatch(of: #/o-[a-z0-9]{10,32}/#) != nil
    }

    static let eventSourceToken = ConstraintPattern(text: "[a-zA-Z0-9._\\-]+") {
        $0.wholeMatch(of: #/[a-zA-Z0-9._-]+/#) != nil
    }

    static let resource = ConstraintPattern(
        text: "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)"
    ) {
        $0.wholeMatch(
            of: #/arn:aws[a-zA-Z0-9-]*:[a-zA-Z0-9-]+:([a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-[0-9])?:([0-9]{12})?:.*/#
        ) != nil
    }

    static let resourceOrNone = ConstraintPattern(text: "^$|" + resource.text) { $0.isEmpty || resource.matches($0) }

    static let optionalARN = ConstraintPattern(text: "(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()") {
        $0.isEmpty || $0.wholeMatch(of: #/arn:(aws[a-zA-Z-]*)?:[a-z0-9.-]+:.*/#) != nil
    }

    static let tenant = ConstraintPattern(text: "[a-zA-Z0-9\\._:\\/=+\\-@ ]+") {
        $0.wholeMatch(of: #/[a-zA-Z0-9._:\/=+@ -]+/#) != nil
    }

    static let mountPath = ConstraintPattern(text: "/mnt/[a-zA-Z0-9-_.]+") {
        $0.wholeMatch(of: #/\/mnt\/[a-zA-Z0-9_.-]+/#) != nil
    }

    static let logGroup = ConstraintPattern(text: "[\\.\\-_/#A-Za-z0-9]+") {
        $0.wholeMatch(of: #/[.\-_\/\#A-Za-z0-9]+/#) != nil
    }

    static let taggable = ConstraintPattern(
        text: "arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:"
            + "(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+))"
    ) { $0.hasPrefix("arn:") && (FunctionReference($0) != nil || layerName.matches($0)) }

    /// Not of the API reference: any text on one line that has no control characters.
    static let bucketKey = ConstraintPattern(text: ".*") { !$0.contains { $0.isNewline } }
}
