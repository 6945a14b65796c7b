package import EmulatorFrontDoor

/// The command line of `rie`: options, the program, its arguments.
///
/// AWS's emulator takes its options behind the program as well, and images are started that way
/// (`/entry.sh app.handler --log-level debug`): they are found there and taken out of the command. `--` protects what
/// follows it.
package struct EmulatorArguments: Sendable, Hashable {
    package static let defaultRuntimeAPIAddress = "127.0.0.1:9001"
    package static let defaultFrontDoorAddress = "0.0.0.0:8080"

    /// What the words ask for.
    package enum Request: Sendable, Hashable {
        case serve
        case help
        case version
    }

    package private(set) var runtimeAPI = Emulator.Address(host: "127.0.0.1", port: 9001)
    package private(set) var frontDoor = Emulator.Address(host: "0.0.0.0", port: 8080)
    /// `nil`: not given.
    package private(set) var logLevel: EmulatorLogLevel?
    package private(set) var enablesInitCaching = false
    /// The program and its arguments; empty: the bootstrap is looked for.
    package private(set) var command: [String] = []

    package init() {}

    /// Takes an option's value. A later one replaces an earlier one.
    package mutating func set(_ option: EmulatorOption, to value: String) throws(EmulatorUsageError) {
        switch option {
        case .runtimeAPIAddress: runtimeAPI = try Self.address(value)
        case .frontDoorAddress: frontDoor = try Self.address(value)
        case .logLevel:
            guard let level = EmulatorLogLevel(value) else {
                throw EmulatorUsageError("'\(value)' is no log level: debug, info, warn, error, fatal or panic")
            }
            logLevel = level
        case .initCaching: enablesInitCaching = true
        }
    }

    /// Reads words: options, then the program with what belongs to it.
    package mutating func read(_ words: [String]) throws(EmulatorUsageError) -> Request {
        var rest = words[...]
        while let word = rest.first, word.hasPrefix("-") {
            switch word {
            case "-h", "--help": return .help
            case "--version": return .version
            case "--":
                command = Array(rest.dropFirst())
                return .serve
            default:
                guard try takeOption(from: &rest) else { throw EmulatorUsageError("unknown option '\(word)'") }
            }
        }
        try readCommand(rest)
        return .serve
    }

    /// The program, and what stands behind it without the options of ours.
    private mutating func readCommand(_ words: ArraySlice<String>) throws(EmulatorUsageError) {
        var rest = words
        command = rest.popFirst().map { [$0] } ?? []
        while let word = rest.first {
            if word == "--" {
                command += rest
                return
            }
            if try takeOption(from: &rest) { continue }
            command.append(word)
            rest.removeFirst()
        }
    }

    /// Takes an option and its value, as `--option=VALUE` or `--option VALUE`, off the front.
    ///
    /// - Returns: `false` where the first word is none of our options; nothing is taken then.
    private mutating func takeOption(from words: inout ArraySlice<String>) throws(EmulatorUsageError) -> Bool {
        guard let word = words.first else { return false }
        let equals = word.firstIndex(of: "=")
        let name = word[..<(equals ?? word.endIndex)]
        guard let option = EmulatorOption(rawValue: String(name)) else { return false }
        words.removeFirst()
        if let equals {
            guard option.takesValue else { throw EmulatorUsageError("\(name) takes no value") }
            try set(option, to: String(word[word.index(after: equals)...]))
        } else if option.takesValue {
            guard let value = words.popFirst() else { throw EmulatorUsageError("\(name) needs a value") }
            try set(option, to: value)
        } else {
            try set(option, to: "")
        }
        return true
    }

    private static func address(_ text: String) throws(EmulatorUsageError) -> Emulator.Address {
        guard let address = Emulator.Address(text) else {
            throw EmulatorUsageError("'\(text)' is not an address such as 127.0.0.1:8080")
        }
        return address
    }
}
