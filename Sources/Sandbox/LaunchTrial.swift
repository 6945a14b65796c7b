internal import LambdaModel

/// Runs a program to its end for what it says: trials and tools, not functions.
enum LaunchTrial {
    struct Result {
        /// At most 64 KB of what it has written.
        var output: [UInt8]
        var messages: [LauncherMessage]

        /// How it ended; `nil` when it did not start, or was still running.
        var exit: ProcessExit? {
            for case .exited(let exit) in messages { return exit }
            return nil
        }

        /// Why it could not be executed.
        var execErrno: Int32? {
            for case .execFailed(let code) in messages { return code }
            return nil
        }
    }

    /// - Parameter patience: in ms, for each piece of news; what takes longer is killed.
    static func run(_ specification: LaunchSpecification, patience: Int32) throws(LaunchFailure) -> Result {
        let processes = try EnvironmentProcesses.launch(specification)
        defer {
            processes.end()
            Descriptors.close(processes.statusDescriptor, processes.outputDescriptor)
            processes.reap()
        }
        let output = DescriptorText.readToEnd(processes.outputDescriptor, patience: patience)
        let status = DescriptorText.readToEnd(processes.statusDescriptor, patience: patience)
        var decoder = LauncherMessageDecoder()
        let messages = (try? status.withUnsafeBytes { try decoder.append($0) }) ?? []
        return Result(output: output, messages: messages)
    }
}
