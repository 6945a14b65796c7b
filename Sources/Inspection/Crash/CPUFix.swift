/// One way out: what to do, and what it brings.
package struct CPUFix: Sendable, Hashable {
    /// `apus build --target-cpu x86-64-v2`.
    package var action: String
    /// `optimised, runs on both`.
    package var effect: String

    package init(_ action: String, _ effect: String) {
        self.action = action
        self.effect = effect
    }

    /// The fixes in two columns, each a line without indentation; actions that are far longer than the others have
    /// their effect two blanks behind them.
    package static func lines(_ fixes: [CPUFix]) -> [String] {
        let width = fixes.map(\.action.count).filter { $0 <= 64 }.max() ?? 0
        return fixes.map { fix in
            fix.effect.isEmpty
                ? fix.action
                : fix.action + String(repeating: " ", count: max(0, width - fix.action.count)) + "  " + fix.effect
        }
    }
}
