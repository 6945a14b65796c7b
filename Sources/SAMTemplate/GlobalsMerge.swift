/// Merges `Globals.Function` into a function's properties by SAM's rules: mappings member by member, lists one after
/// the other (the global one first), anything else and every intrinsic function as a whole, the function's own winning.
enum GlobalsMerge {
    static func merge(_ globals: TemplateMap?, into own: TemplateMap?) -> TemplateMap {
        guard let globals else { return own ?? TemplateMap() }
        guard let own else { return globals }
        var entries: [TemplateMap.Entry] = []
        for entry in globals.entries {
            guard var mine = own.entry(entry.key) else {
                entries.append(entry)
                continue
            }
            mine.value = merge(entry.value, into: mine.value)
            entries.append(mine)
        }
        return TemplateMap(entries + own.entries.filter { globals[$0.key] == nil })
    }

    private static func merge(_ global: TemplateValue, into own: TemplateValue) -> TemplateValue {
        guard IntrinsicCall(global) == nil, IntrinsicCall(own) == nil else { return own }
        var result = own
        if let theirs = global.map, let mine = own.map {
            result.kind = .map(merge(theirs, into: mine))
        } else if let theirs = global.list, let mine = own.list {
            result.kind = .list(theirs + mine)
        }
        return result
    }
}
