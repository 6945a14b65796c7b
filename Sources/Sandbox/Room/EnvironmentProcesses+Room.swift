internal import CLauncher
package import LambdaModel

extension EnvironmentProcesses {
    /// How long descriptors may be on their way, in ms: they were sent before the message that tells of them.
    private static let handoverPatience: Int32 = 1_000

    /// Takes what the launcher hands over: once, after `LauncherMessage.roomReady`. Nothing after ``end()``.
    package func takeRoom() throws(LaunchFailure) -> RoomHandover {
        guard let room, !hasEnded else { return RoomHandover() }
        var handover = RoomHandover()
        do {
            if !isRoomEnteredAgain {
                let mount = try receive(APUS_ROOM_SENDS_MOUNTS)
                handover.namespaces = RoomNamespaces(mount: mount)
                if room.outerUser != nil { handover.namespaces?.add(user: try receive(APUS_ROOM_SENDS_USER)) }
            }
            if room.privateNetworkPort != nil { handover.listener = try receive(APUS_ROOM_SENDS_LISTENER) }
        } catch {
            Descriptors.close(handover.listener ?? -1)
            throw error
        }
        return handover
    }

    /// A TCP socket that is connected to a port of the room's own loopback address; the caller's to close. Blocks for a
    /// second at most. One call at a time.
    package func connect(toPort port: Int) throws(LaunchFailure) -> Int32 {
        send(.sendSocket)
        let socket = try receive(APUS_ROOM_SENDS_SOCKET)
        let code = apus_connect_loopback(socket, UInt16(truncatingIfNeeded: port))
        guard code == 0 else {
            Descriptors.close(socket)
            throw .host(code: code, operation: "connect to port \(port) in the sandbox")
        }
        return socket
    }

    private func receive<Kind: BinaryInteger>(_ expected: Kind) throws(LaunchFailure) -> Int32 {
        var kind: UInt8 = 0
        let result = withControl { apus_receive_descriptor($0, &kind, Self.handoverPatience) } ?? -9
        guard result >= 0 else { throw .host(code: -result, operation: "take over the sandbox") }
        guard kind == UInt8(truncatingIfNeeded: expected) else {
            Descriptors.close(result)
            throw .host(code: 71, operation: "take over the sandbox")
        }
        return result
    }
}
