import LambdaModel

/// Which version an alias sends an invocation to.
struct AliasRouting: Hashable {
    private let main: String
    private let others: [(version: String, weight: Double)]

    init(_ alias: JSONValue) {
        main = alias["FunctionVersion"]?.stringValue ?? "$LATEST"
        others = (alias["RoutingConfig"]?["AdditionalVersionWeights"]?.objectValue ?? []).map { member in
            guard case .number(let literal) = member.value else { return (member.name, 0) }
            return (member.name, Double(literal) ?? 0)
        }
    }

    /// - Parameter chance: from 0 up to 1, evenly drawn.
    func version(chance: Double) -> String {
        var sum = 0.0
        for other in others {
            sum += other.weight
            if chance < sum { return other.version }
        }
        return main
    }

    static func == (left: AliasRouting, right: AliasRouting) -> Bool {
        left.main == right.main && left.others.elementsEqual(right.others) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(main) }
}
