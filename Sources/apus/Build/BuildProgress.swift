import CommandProcess
import FunctionBuild
import NIOConcurrencyHelpers

/// Shows a build's events: on a terminal a line that follows the work, elsewhere a line for each end.
final class BuildProgress: Sendable {
    private struct State {
        var running: [String] = []
        var statusIsShown = false
    }

    private let state = NIOLockedValueBox(State())
    private let showsUnchanged: Bool

    init(showsUnchanged: Bool = true) {
        self.showsUnchanged = showsUnchanged
    }

    func show(_ event: BuildEvent) {
        state.withLockedValue { state in
            switch event {
            case .waiting: line("waiting for another build of this project", &state)
            case .started(let logicalID): state.running.append(logicalID)
            case .detected(let logicalID, let method, let because):
                line("\(logicalID): BuildMethod \(method), because of \(because)", &state)
            case .output(let logicalID, let text): line("\(logicalID) | \(text)", &state)
            case .warning(let logicalID, let message): line("\(logicalID): warning: \(message)", &state)
            case .cached(let logicalID):
                guard showsUnchanged else {
                    state.running.removeAll { $0 == logicalID }
                    break
                }
                end(logicalID, "unchanged", &state)
            case .finished(let logicalID, let duration):
                end(logicalID, "built in \(Self.seconds(duration)) s", &state)
            case .failed(let logicalID): end(logicalID, "failed", &state)
            case .cancelled(let logicalID): end(logicalID, "cancelled", &state)
            }
            showStatus(&state)
        }
    }

    private func end(_ logicalID: String, _ text: String, _ state: inout State) {
        state.running.removeAll { $0 == logicalID }
        line("\(logicalID): \(text)", &state)
    }

    private func line(_ text: String, _ state: inout State) {
        clearStatus(&state)
        Console.note(text)
    }

    private func clearStatus(_ state: inout State) {
        guard state.statusIsShown else { return }
        state.statusIsShown = false
        Console.status("\r\u{1B}[K")
    }

    private func showStatus(_ state: inout State) {
        guard Console.isTerminal else { return }
        clearStatus(&state)
        guard !state.running.isEmpty else { return }
        state.statusIsShown = true
        Console.status("building " + state.running.prefix(6).joined(separator: ", "))
    }

    /// Seconds with two decimals.
    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let hundredths = String(attoseconds / 10_000_000_000_000_000)
        return "\(seconds).\(hundredths.count < 2 ? "0" + hundredths : hundredths)"
    }
}
