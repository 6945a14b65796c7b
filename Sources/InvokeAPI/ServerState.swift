package import AsyncInvocation
import ExecutionEnvironment
import FunctionPool
package import FunctionStore
package import LambdaModel
import NIOCore
import NIOPosix

/// What a server keeps on the disk, and the one thread that works there.
package struct ServerState: Sendable {
    let storage: DiskEventStorage
    let timing: EventTiming
    let thread: NIOThreadPool

    /// Opens the store. Blocks.
    ///
    /// - Throws: `ApusError` when the directory or the database in it cannot be used.
    package init(directory: StateDirectory, timing: EventTiming) throws(ApusError) {
        let database = try StoreDatabase(in: directory)
        storage = DiskEventStorage(
            store: EventStore(database),
            files: DestinationFiles(directory: try directory.directory("destinations"))
        )
        self.timing = timing
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }
}

extension EventDispatcher {
    /// One that runs events in a registry's pools. What it has to say goes to the functions' log.
    convenience init(running registry: FunctionRegistry, in state: ServerState, log: FunctionLog) {
        self.init(
            storage: state.storage,
            target: EventRunner(registry: registry),
            timing: state.timing,
            eventLoop: registry.eventLoop,
            thread: state.thread,
            note: { log.append(output: ByteBuffer(string: "apus: \($0)\n")) }
        )
    }
}
