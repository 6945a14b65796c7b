/// What was seen of a process at the moment when a signal ended it, before the kernel took it away.
package struct CrashFacts: Sendable, Hashable {
    /// The kernel's number of the signal on Linux: 4 SIGILL, 5 SIGTRAP, 6 SIGABRT, 7 SIGBUS, 8 SIGFPE, 11 SIGSEGV.
    package var signal: Int32
    /// `si_code`; `nil` where the emulator does not tell.
    package var signalCode: Int32?
    /// `si_addr`: for SIGSEGV and SIGBUS the address that could not be accessed.
    package var faultAddress: UInt64?
    package var processID: Int32
    /// Whether it was the bootstrap's own process, not a child of it.
    package var isMainProcess: Bool
    /// The architecture of the crashed program, which is the emulated one under an emulator.
    package var architecture: Architecture
    /// The emulator's CPU model; `nil` for a process that ran natively.
    package var emulatedModel: String?
    /// The program's file on this machine, as far as it can be known.
    package var executable: String?
    package var programCounter: UInt64
    package var stackPointer: UInt64
    /// The bytes from the program counter on, at most 32; fewer or none where they could not be read.
    package var code: [UInt8]
    /// The file that is mapped at the program counter.
    package var module: Module?
    /// Addresses that may be return addresses, innermost first, at most 32, each with its module.
    package var returnAddresses: [Frame]
    /// What the environment was doing when the process died; `nil` where it waited for an event, and where nobody knows.
    package var phase: Phase?

    package enum Phase: String, Sendable, Hashable {
        case initialization = "init"
        case invocation = "an invocation"
        case shutdown = "shutdown"
    }

    /// A file that is mapped into the process.
    package struct Module: Sendable, Hashable {
        /// On this machine.
        package var path: String
        /// What was added to the addresses of the ELF file: address in the file = address in memory - loadBias.
        package var loadBias: UInt64

        package init(path: String, loadBias: UInt64) {
            self.path = path
            self.loadBias = loadBias
        }
    }

    package struct Frame: Sendable, Hashable {
        package var address: UInt64
        package var module: Module?

        package init(address: UInt64, module: Module?) {
            self.address = address
            self.module = module
        }
    }

    package init(
        signal: Int32,
        signalCode: Int32? = nil,
        faultAddress: UInt64? = nil,
        processID: Int32 = 0,
        isMainProcess: Bool = true,
        architecture: Architecture,
        emulatedModel: String? = nil,
        executable: String? = nil,
        programCounter: UInt64,
        stackPointer: UInt64 = 0,
        code: [UInt8] = [],
        module: Module? = nil,
        returnAddresses: [Frame] = []
    ) {
        self.signal = signal
        self.signalCode = signalCode
        self.faultAddress = faultAddress
        self.processID = processID
        self.isMainProcess = isMainProcess
        self.architecture = architecture
        self.emulatedModel = emulatedModel
        self.executable = executable
        self.programCounter = programCounter
        self.stackPointer = stackPointer
        self.code = code
        self.module = module
        self.returnAddresses = returnAddresses
    }
}
