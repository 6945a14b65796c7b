/// What a value of a request may be.
indirect enum MemberKind: Sendable {
    /// - Parameter length: in characters.
    case string(length: ClosedRange<Int> = 0...10_000, pattern: ConstraintPattern? = nil)
    case choice([String])
    case integer(ClosedRange<Int> = 0...Int(Int32.max))
    case number(ClosedRange<Double>)
    case boolean
    /// Base64 in JSON.
    case blob
    case list(of: MemberKind, count: ClosedRange<Int> = 0...10_000)
    case map(values: MemberKind)
    case structure([InputMember])
    /// What Lambda takes and Apus does not have: a reason in the words that follow "Apus".
    case refused(String)
}

/// A member of a request, or of a structure in it.
struct InputMember: Sendable {
    enum Place: Sendable, Hashable {
        /// The path's part in braces of the same name.
        case path
        /// An item of the query.
        case query(String)
        case body
    }

    /// As the API reference writes it.
    let name: String
    let place: Place
    let isRequired: Bool
    let kind: MemberKind

    static func path(_ name: String, _ kind: MemberKind) -> InputMember {
        InputMember(name: name, place: .path, isRequired: true, kind: kind)
    }

    static func query(_ name: String, _ kind: MemberKind, as key: String? = nil) -> InputMember {
        InputMember(name: name, place: .query(key ?? name), isRequired: false, kind: kind)
    }

    static func required(_ name: String, _ kind: MemberKind) -> InputMember {
        InputMember(name: name, place: .body, isRequired: true, kind: kind)
    }

    static func optional(_ name: String, _ kind: MemberKind) -> InputMember {
        InputMember(name: name, place: .body, isRequired: false, kind: kind)
    }
}
