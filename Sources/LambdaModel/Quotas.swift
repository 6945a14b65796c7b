/// Limits of the Lambda service that Apus reproduces.
///
/// Source: AWS Lambda developer guide, "Lambda quotas"; the byte figures are those of Lambda's own error messages.
package enum Quotas {
    /// Largest payload of a synchronous invocation, in bytes.
    package static let synchronousRequestBytes = 6_291_456
    /// Largest payload of an asynchronous invocation, in bytes.
    package static let asynchronousRequestBytes = 1_048_576
    /// How often an event is run again after an error of the function's.
    package static let eventRetryAttempts = 0...2
    /// How long an event may wait for its run, in seconds.
    package static let eventAgeSeconds = 60...21_600
    /// How many functions an event may pass through, each the destination of the one before it.
    package static let recursionDepth = 16
    /// Largest buffered response, in bytes: 6 MB and 100 bytes.
    package static let bufferedResponseBytes = 6_291_556
    /// Largest streamed response, in bytes (200 MB).
    package static let streamedResponseBytes = 209_715_200
    /// Total size of a function's environment variables, names and values, in bytes.
    package static let environmentVariableBytes = 4_096
    /// Function time-out, in seconds.
    package static let timeoutSeconds = 1...900
    /// Function memory, in MB.
    package static let memoryMB = 128...10_240
    /// Memory that comes with one CPU, in MB.
    package static let memoryMBPerCPU = 1_769
    /// Size of /tmp, in MB.
    package static let ephemeralStorageMB = 512...10_240
    /// `ReservedConcurrentExecutions`; an account has 1,000 to begin with, and may have more.
    package static let reservedConcurrency = 0...100_000
    /// `ProvisionedConcurrentExecutions`.
    package static let provisionedConcurrency = 1...100_000
    /// Layers of one function.
    package static let layers = 5
    /// A zip archive uploaded directly, in bytes (50 MB).
    package static let zippedPackageBytes = 52_428_800
    /// A function with its layers, unpacked, in bytes (250 MB).
    package static let unzippedPackageBytes = 262_144_000
    /// The init phase, in seconds.
    package static let initSeconds = 10
    /// The same with provisioned concurrency, where the function's time-out is no longer.
    package static let provisionedInitSeconds = 130
}
