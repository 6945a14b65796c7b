import LambdaModel
import NIOCore

/// The crashes that one invocation (or the time between two) has seen, with their explanations as they arrive.
///
/// Belongs to its event loop.
final class CrashLog {
    /// How long an explanation may take before it counts as none.
    static let patience = TimeAmount.seconds(10)
    /// A second init often dies where the first did, and one of a thousand children like all others.
    static let limit = 16

    private let eventLoop: any EventLoop
    private(set) var facts: [CrashFacts] = []
    private var explanations: [CrashExplanation?] = []
    private var missing = 0
    /// Places whose explanation has come, or will not.
    private var answered: Set<Int> = []
    private var completions: [([CrashExplanation]) -> Void] = []

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Whether an explanation is still to come.
    var isWaiting: Bool { missing > 0 }

    /// Notes a crash; returns the place for its explanation, or `nil` for one that is known already or one too many.
    ///
    /// - Parameter isExplained: whether ``explain(_:outputTail:with:)`` follows; from now on it is waited for.
    func add(_ crash: CrashFacts, isExplained: Bool) -> Int? {
        guard facts.count < Self.limit, !facts.contains(where: { $0.isSamePlace(as: crash) }) else { return nil }
        facts.append(crash)
        explanations.append(nil)
        if isExplained { missing += 1 } else { answered.insert(facts.count - 1) }
        return facts.count - 1
    }

    /// Has a crash explained. `place` is from ``add(_:isExplained:)``.
    ///
    /// - Parameter executor: where it runs; `nil`: on Swift's own threads.
    func explain(
        _ place: Int,
        outputTail: String,
        with explainer: @escaping CrashExplainer,
        on executor: (any TaskExecutor)? = nil
    ) {
        let facts = facts[place]
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let promise = eventLoop.makePromise(of: CrashExplanation?.self)
        let work = Task(executorPreference: executor) { promise.succeed(await explainer(facts, outputTail)) }
        let deadline = eventLoop.scheduleTask(in: Self.patience) {
            work.cancel()
            bound.value.explained(place, nil)
        }
        promise.futureResult.whenSuccess { explanation in
            deadline.cancel()
            bound.value.explained(place, explanation)
        }
    }

    /// Calls back with all explanations as soon as none is missing, at once if none is.
    func whenExplained(_ completion: @escaping ([CrashExplanation]) -> Void) {
        completions.append(completion)
        completeIfDone()
    }

    /// Only the first word counts: the explanation or the end of our patience.
    private func explained(_ place: Int, _ explanation: CrashExplanation?) {
        guard !answered.contains(place) else { return }
        answered.insert(place)
        explanations[place] = explanation
        missing -= 1
        completeIfDone()
    }

    private func completeIfDone() {
        guard missing == 0 else { return }
        let completions = completions
        self.completions = []
        let result = explanations.compactMap(\.self)
        for completion in completions { completion(result) }
    }
}

extension CrashFacts {
    /// Whether another crash is the same one in another process: same signal, same instruction of the same file.
    fileprivate func isSamePlace(as other: CrashFacts) -> Bool {
        signal == other.signal && isMainProcess == other.isMainProcess && module?.path == other.module?.path
            && executable == other.executable
            && programCounter &- (module?.loadBias ?? 0) == other.programCounter &- (other.module?.loadBias ?? 0)
    }
}
