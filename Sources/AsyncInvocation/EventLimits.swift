/// What asynchronous invocations may cost.
package struct EventLimits: Sendable, Hashable {
    /// Events that are accepted and not over.
    package var events = 100_000
    /// Their payloads together, in bytes.
    package var bytes = 1_073_741_824
    /// Events of one function that run at the same time, so that its flood leaves room for others.
    package var runningPerFunction = 100
    /// Events of all functions that run at the same time.
    package var running = 1_000
    /// Payloads of those, in bytes: they are in memory.
    package var runningBytes = 67_108_864
    /// Payloads kept in memory from their acceptance to their run, in bytes; the others are read back.
    package var keptBytes = 8_388_608
    /// Events that one transaction accepts at most.
    package var batchEvents = 1_024
    /// Their payloads, in bytes.
    package var batchBytes = 16_777_216

    package init() {}
}
