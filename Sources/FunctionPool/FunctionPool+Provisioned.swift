import ExecutionEnvironment
import NIOCore

/// Environments that are made ahead of any invocation and kept: their number holds, whatever becomes of single ones.
extension FunctionPool {
    /// What has become of those that were asked for.
    package struct Provisioned: Sendable, Hashable {
        /// How many there are to be.
        package var requested: Int
        /// How many are initialized, whether they run an invocation or rest.
        package var ready: Int
        /// How often in a row they could not be initialized.
        package var failures: Int
    }

    package var provisioned: Provisioned {
        Provisioned(
            requested: scheduler.limits.provisioned,
            ready: scheduler.provisionedReadyCount,
            failures: max(0, backoff.failures - 1)
        )
    }

    /// Changes how many there are to be. Of those that are too many the ones without an invocation end at once.
    package func setProvisioned(_ number: Int) {
        perform(scheduler.setProvisioned(number))
    }

    func initialized(_ id: Int) {
        backoff.succeeded()
        perform(scheduler.initialized(id, at: clock.now()))
        dispatch()
    }

    /// Starts those that have ended or never come to be, all of them together.
    func restartProvisioned() {
        guard restart == nil, scheduler.stage == .open else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        restart = eventLoop.scheduleTask(in: backoff.nextDelay()) {
            let pool = bound.value
            pool.restart = nil
            pool.perform(pool.scheduler.provision())
            for (id, environment) in pool.environments where pool.scheduler.isProvisioned(id) && environment.isStopped {
                environment.start()
            }
        }
    }
}
