package import NIOCore

extension FunctionPool {
    /// What a pool may cost.
    package struct Limits: Sendable {
        /// Environments, and so invocations that run at the same time.
        package var environments: Int
        /// Invocations that may wait for one.
        package var waiting: Int
        /// How long an environment may rest before it is ended; `nil`: for ever.
        package var idleTime: TimeAmount?
        /// Environments that are made ahead of any invocation and kept.
        package var provisioned: Int
        /// How long an invocation waits at least for an environment that has given its last answer, before another one is
        /// made. It waits as long as the last one took to be made, up to a second.
        package var patience = TimeAmount.milliseconds(20)

        package init(environments: Int = 1, waiting: Int = 0, idleTime: TimeAmount? = nil, provisioned: Int = 0) {
            self.environments = environments
            self.waiting = waiting
            self.idleTime = idleTime
            self.provisioned = provisioned
        }

        /// One environment, whose invocations queue up: that of a command, and of the emulator.
        package static let single = Limits(environments: 1, waiting: FunctionPool.queueLimit)
    }

    /// How many invocations may wait for a single environment.
    package static let queueLimit = 1024
}
