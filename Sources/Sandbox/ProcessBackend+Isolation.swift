extension ProcessBackend {
    package var notice: String? { Self.limitations }

    /// What this backend does not give, in one line for the user.
    package static let limitations = """
        backend process: no read-only root, no /var/task or /opt (see LAMBDA_TASK_ROOT), no memory limit, \
        no user of its own, no private /tmp, no Amazon Linux libraries
        """

    package var isolation: Isolation {
        let here = "the function runs on this machine as it is"
        var guarantees = Dictionary(
            uniqueKeysWithValues: Isolation.Property.allCases.map { ($0, Isolation.Guarantee.absent(here)) }
        )
        guarantees[.cleanEnvironment] = .enforced("execve")
        guarantees[.descriptorLimit] = .enforced("RLIMIT_NOFILE")
        guarantees[.freeze] = .enforced("SIGSTOP")
        return Isolation(backend: "process", guarantees: guarantees)
    }
}
