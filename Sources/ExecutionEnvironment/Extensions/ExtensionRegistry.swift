import LambdaModel
import NIOCore

/// The extensions of one environment, from its launch to its end, as a pure value.
///
/// External extensions are processes of their own, known by the names of their files before they register; internal ones
/// are part of the runtime's process and appear by registering. Identifiers are given from outside.
///
/// Source: AWS Lambda developer guide, "Using the Lambda Extensions API to create extensions"; the texts of refusals
/// follow AWS's Runtime Interface Emulator.
struct ExtensionRegistry {
    /// Extensions of one function, external and internal.
    static let limit = 10
    /// In bytes.
    static let nameLimit = 255
    /// In bytes; what is longer is cut, as it goes into the log.
    static let errorTypeLimit = 255

    struct Entry: Hashable {
        let name: String
        /// The index of its process; `nil` for an internal extension.
        let process: Int?
        /// `nil` until it registers.
        var identifier: String?
        var events: [ExtensionEvent] = []
        var state = ExtensionState.started
        /// Its request for an event is open.
        var isWaiting = false
        /// To be given to it when it asks.
        var pending: ExtensionDelivery?
        /// The process of an external extension has not ended, as far as is known.
        var isAlive: Bool
        /// What it reported, or what it died of.
        var errorType: String?

        func wants(_ event: ExtensionEvent) -> Bool { events.contains(event) }

        /// Whether it may still ask for events.
        var isOperational: Bool {
            switch state {
            case .started, .registered, .ready, .running: true
            case .initError, .exitError, .launchError, .exited: false
            }
        }
    }

    private(set) var entries: [Entry] = []
    private var isRegistrationOpen = true

    /// With the external extensions by the names of their files, in the order of their processes.
    init(external names: [String] = []) {
        entries = names.enumerated().map { Entry(name: $1, process: $0, isAlive: true) }
    }

    // MARK: Questions

    /// Whether every external extension has registered, so that the runtime may start.
    var allHaveRegistered: Bool { !entries.contains { $0.process != nil && $0.state == .started } }

    /// Whether every extension has asked for its first event.
    var allAreReady: Bool { entries.allSatisfy { $0.state == .ready || $0.state == .running } }

    /// Whether every extension that takes part in invocations is done with the present one.
    var allAreDone: Bool { entries.allSatisfy { !$0.wants(.invoke) || $0.state == .ready } }

    var hasRegistered: Bool { entries.contains { $0.identifier != nil } }
    var hasExternal: Bool { entries.contains { $0.process != nil } }
    var hasInternal: Bool { entries.contains { $0.process == nil } }
    var hasLivingProcess: Bool { entries.contains { $0.isAlive } }

    /// The first that has reported an error, and has not ended.
    var reportedError: Entry? { entries.first { $0.state == .initError || $0.state == .exitError } }

    func entry(_ identifier: String) -> Entry? { entries.first { $0.identifier == identifier } }

    // MARK: From extensions

    /// Nobody else can register: the runtime has asked for its first event, or everything ends.
    mutating func closeRegistration() {
        isRegistrationOpen = false
    }

    mutating func register(name: String, events: [String], identifier: String) throws(APIRefusal) {
        guard !name.isEmpty else { throw .invalidExtensionName }
        // A file's name is no longer; an internal one comes from a header of any length, and goes into the log.
        guard name.utf8.count <= Self.nameLimit else { throw .extensionNameTooLong(limit: Self.nameLimit) }
        let external = entries.firstIndex { $0.process != nil && $0.name == name }
        var wanted: [ExtensionEvent] = []
        for event in events {
            guard let known = ExtensionEvent(rawValue: event) else { throw .invalidEventType(event) }
            guard external != nil || known != .shutdown else { throw .shutdownOfInternalExtension }
            if !wanted.contains(known) { wanted.append(known) }
        }
        let index: Int
        if let external { index = external } else { index = try addInternal(name) }
        guard entries[index].state == .started else {
            throw .invalidExtensionState("register", name, entries[index].state)
        }
        // An external extension that comes too late: its init phase has failed.
        guard isRegistrationOpen else { throw .registrationClosed }
        entries[index].identifier = identifier
        entries[index].events = wanted
        entries[index].state = .registered
    }

    private mutating func addInternal(_ name: String) throws(APIRefusal) -> Int {
        guard isRegistrationOpen else { throw .registrationClosed }
        guard !entries.contains(where: { $0.name == name }) else { throw .nameTaken }
        guard entries.count < Self.limit else { throw .tooManyExtensions }
        entries.append(Entry(name: name, process: nil, isAlive: false))
        return entries.count - 1
    }

    /// It asks for its next event and now waits, unless there is one for it already, which is the result.
    mutating func askedNext(_ identifier: String) throws(APIRefusal) -> ExtensionDelivery? {
        let index = try index(of: identifier)
        switch entries[index].state {
        case .registered, .running:
            if let delivery = take(at: index) { return delivery }
            entries[index].state = .ready
        case .ready where !entries[index].isWaiting:
            if let delivery = take(at: index) { return delivery }
        case .started, .ready, .initError, .exitError, .launchError, .exited:
            throw .invalidExtensionState("ask for an event", entries[index].name, entries[index].state)
        }
        entries[index].isWaiting = true
        return nil
    }

    private mutating func take(at index: Int) -> ExtensionDelivery? {
        guard let delivery = entries[index].pending else { return nil }
        entries[index].pending = nil
        entries[index].state = .running
        return delivery
    }

    /// Its connection ended while it waited.
    mutating func hungUp(_ identifier: String) {
        guard let index = entries.firstIndex(where: { $0.identifier == identifier }) else { return }
        entries[index].isWaiting = false
    }

    /// It reports that it cannot start. Only the first report counts.
    mutating func reportedInitError(_ identifier: String, type: String) throws(APIRefusal) {
        let index = try index(of: identifier)
        switch entries[index].state {
        case .registered: fail(at: index, .initError, type)
        case .initError: break
        default: throw .invalidExtensionState("report an init error", entries[index].name, entries[index].state)
        }
    }

    /// It reports that it has to end. Only the first report counts.
    mutating func reportedExitError(_ identifier: String, type: String) throws(APIRefusal) {
        let index = try index(of: identifier)
        switch entries[index].state {
        case .registered, .ready, .running: fail(at: index, .exitError, type)
        case .exitError: break
        default: throw .invalidExtensionState("report an exit error", entries[index].name, entries[index].state)
        }
    }

    private func index(of identifier: String) throws(APIRefusal) -> Int {
        guard let index = entries.firstIndex(where: { $0.identifier == identifier }) else {
            throw .unknownExtension(identifier)
        }
        return index
    }

    private mutating func fail(at index: Int, _ state: ExtensionState, _ type: String) {
        entries[index].state = state
        entries[index].errorType = String(decoding: type.utf8.prefix(Self.errorTypeLimit), as: UTF8.self)
        entries[index].isWaiting = false
        entries[index].pending = nil
    }

    // MARK: From processes

    /// The process could not be executed. Returns the entry as it then stands.
    mutating func launchFailed(_ process: Int, errorType: String) -> Entry? {
        guard let index = entries.firstIndex(where: { $0.process == process }) else { return nil }
        entries[index].isAlive = false
        fail(at: index, .launchError, errorType)
        return entries[index]
    }

    /// The process has ended. Returns the entry as it stood before, and as it then stands.
    mutating func exited(_ process: Int) -> (before: Entry, now: Entry)? {
        guard let index = entries.firstIndex(where: { $0.process == process && $0.isAlive }) else { return nil }
        let before = entries[index]
        entries[index].isAlive = false
        let errorType =
            switch before.state {
            case .initError, .exitError: before.errorType ?? "Extension.Crash"
            default: "Extension.Crash"
            }
        fail(at: index, .exited, errorType)
        return (before, entries[index])
    }

    /// No process of the environment is left.
    mutating func allHaveEnded() {
        for index in entries.indices {
            entries[index].isAlive = false
            entries[index].isWaiting = false
            entries[index].pending = nil
        }
    }

    // MARK: To extensions

    /// Gives an invocation to those that registered for it; returns the identifiers of those that wait for it now. The
    /// others get it when they ask.
    mutating func announceInvocation(deadline: NIODeadline) -> [String] {
        entries.indices.compactMap { index in
            guard entries[index].wants(.invoke), entries[index].isOperational else { return nil }
            return announce(.invoke(deadline: deadline), at: index)
        }
    }

    /// Tells the living external extensions that registered for it of the shutdown; the processes of the others are to
    /// be killed.
    mutating func announceShutdown(_ reason: ShutdownReason, deadline: NIODeadline) -> (waiting: [String], kill: [Int])
    {
        var waiting: [String] = []
        var kill: [Int] = []
        for index in entries.indices {
            guard let process = entries[index].process, entries[index].isAlive else { continue }
            if entries[index].wants(.shutdown), entries[index].isOperational {
                if let identifier = announce(.shutdown(reason, deadline: deadline), at: index) {
                    waiting.append(identifier)
                }
            } else {
                kill.append(process)
            }
        }
        return (waiting, kill)
    }

    private mutating func announce(_ delivery: ExtensionDelivery, at index: Int) -> String? {
        guard entries[index].isWaiting else {
            entries[index].pending = delivery
            if entries[index].state == .ready { entries[index].state = .running }
            return nil
        }
        entries[index].isWaiting = false
        entries[index].state = .running
        return entries[index].identifier
    }
}
