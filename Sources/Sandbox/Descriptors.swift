internal import CLauncher
internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Descriptors for a launcher (see `apus_pipe` and `apus_socket_pair`).
enum Descriptors {
    /// What `close` does nothing with.
    static let noPipe: (reading: Int32, writing: Int32) = (-1, -1)

    /// A pipe whose reading end does not block.
    static func pipe() throws(LaunchFailure) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let code = apus_pipe(&ends)
        guard code == 0 else { throw .host(code: code, operation: "pipe") }
        return (ends[0], ends[1])
    }

    /// A connected pair of stream sockets.
    static func socketPair() throws(LaunchFailure) -> (own: Int32, launcher: Int32) {
        var ends: [Int32] = [-1, -1]
        let code = apus_socket_pair(&ends)
        guard code == 0 else { throw .host(code: code, operation: "socketpair") }
        return (ends[0], ends[1])
    }

    static func close(_ descriptors: Int32...) {
        for descriptor in descriptors where descriptor >= 0 { _ = closeOne(descriptor) }
    }

    #if canImport(Darwin)
    private static func closeOne(_ descriptor: Int32) -> Int32 { Darwin.close(descriptor) }
    #elseif canImport(Glibc)
    private static func closeOne(_ descriptor: Int32) -> Int32 { Glibc.close(descriptor) }
    #elseif canImport(Musl)
    private static func closeOne(_ descriptor: Int32) -> Int32 { Musl.close(descriptor) }
    #endif
}
