package import LambdaModel

/// Which CPU features an ELF file needs, and which of them it uses only behind a check of its own.
///
/// Independent of any one CPU, so that it can be cached by the file's content; `verdict(on:)` judges a CPU by it.
package struct CPUAnalysis: Sendable, Hashable {
    package var architecture: Architecture
    /// Functions that can be reached from the entry point, initialisers, exports and data pointers.
    package var reachedFunctions: Int
    /// Instructions of reached functions that run without a check of the CPU before them, by the set of features that a
    /// function needs.
    package var needs: [CPUNeed]
    /// Features that the file holds only behind a check, or in functions that are never reached.
    package var guardedFeatures: Set<CPUFeature>
    /// Whether the program asks the CPU for its features itself, beyond what libc does.
    package var hasOwnCheck: Bool
    /// `GOAMD64` of Go's build info, 1 to 4: what the Go runtime checks at its start.
    package var goLevel: Int?
    /// What the analysis could not see, each in one sentence.
    package var blindSpots: [String]
    /// The first `int 0x80` in a reached function: the system calls of 32-bit programs.
    package var int80: CPUWitness?

    package init(
        architecture: Architecture,
        reachedFunctions: Int = 0,
        needs: [CPUNeed] = [],
        guardedFeatures: Set<CPUFeature> = [],
        hasOwnCheck: Bool = false,
        goLevel: Int? = nil,
        blindSpots: [String] = [],
        int80: CPUWitness? = nil
    ) {
        self.architecture = architecture
        self.reachedFunctions = reachedFunctions
        self.needs = needs
        self.guardedFeatures = guardedFeatures
        self.hasOwnCheck = hasOwnCheck
        self.goLevel = goLevel
        self.blindSpots = blindSpots
        self.int80 = int80
    }
}

/// Functions that need the same features, unguarded.
package struct CPUNeed: Sendable, Hashable {
    package var features: Set<CPUFeature>
    package var functionCount: Int
    /// For each feature the way to one instruction that needs it.
    package var witnesses: [CPUWitness]

    package init(features: Set<CPUFeature>, functionCount: Int, witnesses: [CPUWitness]) {
        self.features = features
        self.functionCount = functionCount
        self.witnesses = witnesses
    }
}

/// One instruction that needs a feature, and how the program gets there.
package struct CPUWitness: Sendable, Hashable {
    /// `nil` for an instruction that is remarkable for another reason.
    package var feature: CPUFeature?
    /// Names of functions from the root to the one that holds the instruction.
    package var path: [String]
    /// In the file's own addresses.
    package var address: UInt64
    /// From the start of the function, in bytes.
    package var offset: UInt64
    /// `vpbroadcastd ymm0, xmm0`.
    package var instruction: String

    package init(feature: CPUFeature?, path: [String], address: UInt64, offset: UInt64, instruction: String) {
        self.feature = feature
        self.path = path
        self.address = address
        self.offset = offset
        self.instruction = instruction
    }
}

/// Whether a program will fail on a CPU.
package struct CPUVerdict: Sendable, Hashable {
    package enum Level: String, Sendable, Hashable, Comparable, CaseIterable {
        case none, may, will

        package static func < (left: Level, right: Level) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .none: 0
            case .may: 1
            case .will: 2
            }
        }
    }

    package var level: Level
    /// Features that the program needs and the CPU lacks.
    package var missing: Set<CPUFeature>
    /// How many reached functions need one of them.
    package var functionCount: Int
    package var witnesses: [CPUWitness]
    /// Why the level is what it is, in one sentence.
    package var reason: String

    package init(
        level: Level,
        missing: Set<CPUFeature> = [],
        functionCount: Int = 0,
        witnesses: [CPUWitness] = [],
        reason: String
    ) {
        self.level = level
        self.missing = missing
        self.functionCount = functionCount
        self.witnesses = witnesses
        self.reason = reason
    }
}
