internal import Yams

/// Says in plain words what libyaml found wrong.
enum YAMLErrorText {
    static func templateError(_ error: YamlError, text: String, file: String) -> TemplateError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = SourceLocation(file: file, line: mark.line, column: mark.column)
            let (message, hint) = explain(problem, context?.text, line: line(mark.line, of: text))
            return TemplateError(at: place, message, hint: hint)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let place = repeated(duplicates, after: context.mark, in: text)
            return TemplateError(
                at: SourceLocation(file: file, line: place.line, column: place.column),
                "the key \(duplicates.prefix(5).map { "'\($0)'" }.joined(separator: ", ")) stands twice in one mapping",
                hint: "Keep one of them: YAML readers disagree on which one counts."
            )
        case .reader(let problem, _, _, _):
            return TemplateError(at: SourceLocation(file: file, line: 1, column: 1), "it cannot be read: \(problem)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return TemplateError(at: SourceLocation(file: file, line: 1, column: 1), "it cannot be read: \(error)")
        }
    }

    private static func explain(_ problem: String, _ context: String?, line: Substring) -> (String, String?) {
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return ("a tab is used for indentation, which YAML does not allow", "Indent with spaces.")
        }
        switch problem {
        case "mapping values are not allowed in this context":
            return (
                "a colon is not allowed here: this line is indented unlike its neighbours, or the text before holds "
                    + "a ': '", "Align it with the keys beside it, or put the text in quotes."
            )
        case "did not find expected key":
            return (
                "a key was expected here: the indentation does not match the lines above",
                "Align it with the keys beside it."
            )
        case "could not find expected ':'":
            return ("a key without a colon", "Write KEY: VALUE, with a space after the colon.")
        case "found undefined alias":
            return ("this alias has no anchor before it", "Define it first with &NAME.")
        case "did not find expected '-' indicator":
            return ("a list item was expected here", "Begin it with '- ' at the indentation of the items above.")
        case "found unexpected end of stream":
            return ("a quote is not closed", nil)
        case "did not find expected ',' or '}'": return ("a comma or } is missing", nil)
        case "did not find expected ',' or ']'": return ("a comma or ] is missing", nil)
        case "but found another document":
            return ("a second YAML document begins here", "A template is one document: remove the '---'.")
        case "found character that cannot start any token":
            return ("this character cannot begin a value", "Put the text in quotes.")
        default:
            return ("it does not parse: " + (context.map { $0 + ", " } ?? "") + problem, nil)
        }
    }

    private static func line(_ number: Int, of text: String) -> Substring {
        let lines = text.split(separator: "\n", maxSplits: max(0, number), omittingEmptySubsequences: false)
        return number >= 1 && number <= lines.count ? lines[number - 1] : ""
    }

    /// Yams names the first of the two keys; the second is the one to remove. It has the same column in block style.
    private static func repeated(
        _ duplicates: [String],
        after mark: Mark,
        in text: String
    ) -> (line: Int, column: Int) {
        let first = (line: mark.line, column: mark.column)
        guard let key = duplicates.first else { return first }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (offset, line) in lines.enumerated().dropFirst(mark.line) {
            let indentation = line.prefix { $0 == " " }.count
            let body = line.dropFirst(indentation)
            let isBlank = body.isEmpty || body.hasPrefix("#") || body == "\r"
            if !isBlank, indentation + 1 < mark.column { break }
            for spelling in [key, "\"\(key)\"", "'\(key)'"] where indentation + 1 == mark.column {
                if body.hasPrefix(spelling), body.dropFirst(spelling.count).first.map({ ": \t".contains($0) }) ?? false
                {
                    return (offset + 1, mark.column)
                }
            }
        }
        return first
    }
}
