import Archive
import LambdaModel

/// Builds functions and layers into the layout of SAM: one directory for each, named by its logical ID.
///
/// Sources are never changed and never built in place. An artifact appears or changes only as a whole, by a rename; after
/// a failure or a cancellation the previous one stands. Nothing is done for what has not changed.
package struct FunctionBuilder: Sendable {
    /// Absolute path; holds an artifact directory for each logical ID.
    package let buildDirectory: String
    /// Absolute path; holds the records that say what has not changed.
    package let cacheDirectory: String
    /// How many are built at once.
    package let jobs: Int
    /// `false` builds everything again.
    package let useCache: Bool
    private let environment: [String: String]

    /// Relative paths start at the working directory. `environment` is what build tools inherit; `nil` means Apus's own.
    package init(
        buildDirectory: String = ".aws-sam/build",
        cacheDirectory: String = ".aws-sam/apus-cache",
        jobs: Int = 4,
        useCache: Bool = true,
        environment: [String: String]? = nil
    ) {
        let current = Directory.current
        self.buildDirectory = Paths.resolve(buildDirectory, from: current)
        self.cacheDirectory = Paths.resolve(cacheDirectory, from: current)
        self.jobs = max(jobs, 1)
        self.useCache = useCache
        self.environment = environment ?? HostEnvironment.variables
    }

    /// Builds all requests, several at once, and returns the results in the order of the requests.
    ///
    /// The first failure cancels the others, tools included, and is thrown; cancelling the task does the same. `progress`
    /// is called from several threads.
    package func build(
        _ requests: [BuildRequest],
        progress: @escaping @Sendable (BuildEvent) -> Void
    ) async throws(BuildFailure) -> [BuildResult] {
        let lock = try await prepare(requests, progress: progress)
        let outcome = await buildAll(requests, progress: progress)
        lock.release()
        return try outcome.get()
    }

    private func prepare(
        _ requests: [BuildRequest],
        progress: @Sendable (BuildEvent) -> Void
    ) async throws(BuildFailure) -> BuildLock {
        do throws(ApusError) {
            try checkDistinct(requests)
            try Directory.create(buildDirectory)
            try Directory.create(cacheDirectory)
            let lock = try await BuildLock(cacheDirectory + "/lock") { progress(.waiting) }
            try removeLeftovers()
            return lock
        } catch {
            throw BuildFailure(logicalID: nil, error: error)
        }
    }

    private func buildAll(
        _ requests: [BuildRequest],
        progress: @escaping @Sendable (BuildEvent) -> Void
    ) async -> Result<[BuildResult], BuildFailure> {
        await withTaskGroup(of: (Int, Result<BuildResult, BuildFailure>).self) { group in
            var results: [Int: BuildResult] = [:]
            var failure: BuildFailure?
            var waiting = requests.enumerated().makeIterator()
            func startNext() {
                guard let (index, request) = waiting.next() else { return }
                group.addTask { (index, await buildOne(request, progress: progress)) }
            }
            for _ in 0..<jobs { startNext() }
            for await (index, result) in group {
                switch result {
                case .success(let value):
                    results[index] = value
                    if failure == nil { startNext() }
                case .failure(let value):
                    // Those cancelled because of the first failure report nothing of their own.
                    if failure == nil { failure = value }
                    group.cancelAll()
                }
            }
            if let failure { return .failure(failure) }
            return .success(requests.indices.compactMap { results[$0] })
        }
    }

    private func buildOne(
        _ request: BuildRequest,
        progress: @escaping @Sendable (BuildEvent) -> Void
    ) async -> Result<BuildResult, BuildFailure> {
        do throws(BuildFailure) {
            let job = BuildJob(
                request: request,
                buildDirectory: buildDirectory,
                cacheDirectory: cacheDirectory,
                useCache: useCache,
                environment: BuildEnvironment.variables(for: request, host: environment),
                progress: progress
            )
            return .success(try await job.run())
        } catch {
            let isCancelled = error.error.code == .buildCancelled
            progress(isCancelled ? .cancelled(logicalID: request.logicalID) : .failed(logicalID: request.logicalID))
            return .failure(error)
        }
    }

    private func checkDistinct(_ requests: [BuildRequest]) throws(ApusError) {
        var seen: Set<String> = []
        for request in requests where !seen.insert(request.logicalID).inserted {
            throw ApusError(.buildInvalid, "'\(request.logicalID)' is to be built twice")
        }
    }

    /// What a build that was killed left in the build directory. Only the owner of the lock may look.
    private func removeLeftovers() throws(ApusError) {
        for name in try Directory.names(buildDirectory) where name.hasPrefix(BuildJob.scratchPrefix) {
            try FileTree.remove(buildDirectory + "/" + name)
        }
    }
}
