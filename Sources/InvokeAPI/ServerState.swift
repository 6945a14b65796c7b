package import AsyncInvocation
import ExecutionEnvironment
package import FunctionStore
package import LambdaModel
import NIOCore
import NIOPosix

/// What a server keeps on the disk, and the threads that work there.
package struct ServerState: Sendable {
    let storage: DiskEventStorage
    let timing: EventTiming
    let records: FunctionRecords
    let code: CodeStore
    /// For events, whose callers wait for each commit.
    let eventThread: NIOThreadPool
    /// For the control plane, which may be busy for seconds with a large archive.
    let controlThread: NIOThreadPool

    /// Opens the store. Blocks.
    ///
    /// - Throws: `ApusError` when the directory or the database in it cannot be used.
    package init(directory: StateDirectory, timing: EventTiming) throws(ApusError) {
        let database = try StoreDatabase(in: directory)
        storage = DiskEventStorage(
            store: EventStore(database),
            files: DestinationFiles(directory: try directory.directory("destinations"))
        )
        records = FunctionRecords(database)
        code = try CodeStore(in: directory)
        self.timing = timing
        eventThread = NIOThreadPool(numberOfThreads: 1)
        eventThread.start()
        controlThread = NIOThreadPool(numberOfThreads: 1)
        controlThread.start()
    }
}

extension EventDispatcher {
    /// One that runs events in a server's functions. What it has to say goes to the functions' log.
    convenience init(running functions: ServedFunctions, in state: ServerState, log: FunctionLog) {
        self.init(
            storage: state.storage,
            target: EventRunner(functions),
            timing: state.timing,
            eventLoop: functions.shop.eventLoop,
            thread: state.eventThread,
            note: { log.append(output: ByteBuffer(string: "apus: \($0)\n")) }
        )
    }
}
