internal import Synchronization

/// The namespaces of a room that has been made, which keep its file system alive, /tmp included, while no process runs
/// in it. Closed with this value.
package final class RoomNamespaces: Sendable {
    let mount: Int32
    private let ownUser = Mutex<Int32?>(nil)

    /// Takes the descriptor over.
    init(mount: Int32) {
        self.mount = mount
    }

    deinit {
        Descriptors.close(mount, user ?? -1)
    }

    /// `nil` where the room has none of its own.
    var user: Int32? { ownUser.withLock(\.self) }

    /// Takes the descriptor of a user namespace over, which comes after the other. Once.
    func add(user: Int32) {
        ownUser.withLock { $0 = user }
    }
}

/// What a launcher hands over when its room is there.
package struct RoomHandover: Sendable {
    /// `nil` for a room that was entered again.
    package var namespaces: RoomNamespaces?
    /// A socket that listens in the room's own network; the caller's to close.
    package var listener: Int32?
}
