import NIOCore

/// The open connections of one server, so that they can be counted and closed. Belongs to the server's event loop.
final class HTTPConnectionRegistry {
    private var channels: [ObjectIdentifier: any Channel] = [:]
    private var isClosed = false

    /// `false` when there are too many or the server has closed.
    func add(_ channel: any Channel, limit: Int) -> Bool {
        guard !isClosed, channels.count < limit else { return false }
        channels[ObjectIdentifier(channel)] = channel
        return true
    }

    func remove(_ channel: any Channel) {
        channels[ObjectIdentifier(channel)] = nil
    }

    func closeAll() {
        isClosed = true
        for channel in channels.values { channel.close(promise: nil) }
    }
}
