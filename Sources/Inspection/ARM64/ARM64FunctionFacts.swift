internal import LambdaModel

/// What one function does that the analysis cares about.
struct ARM64FunctionFacts: Sendable {
    struct Edge: Sendable {
        var target: UInt64
        /// Only after a check of the CPU.
        var isGuarded: Bool
    }

    struct Need: Sendable {
        var feature: CPUFeature
        /// Of the first instruction, in the image's words.
        var index: Int
    }

    /// Direct calls and tail calls.
    var calls: [Edge] = []
    /// Addresses that are formed, of code and of data.
    var references: [Edge] = []
    /// Unguarded, each feature once.
    var needs: [Need] = []
    var guarded: Set<CPUFeature> = []
    /// Words of data that take something derived from features, with their size in bytes.
    var taintedStores: [(address: UInt64, size: UInt64)] = []
    var returnsTaint = false
    /// A branch or select depends on features.
    var decidesByFeatures = false
    /// Instructions looked at, for the bound on work.
    var work = 0
}
