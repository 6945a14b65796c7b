/// What was seen of an environment when a process of it had to be killed for its memory.
package struct OutOfMemory: Sendable, Hashable {
    /// What all processes held together, in bytes, without the files in /tmp; 0 where the kernel killed one before anybody
    /// could look.
    package var heldBytes: Int
    /// What the killed process had asked for, in bytes: data and stack that it could write to, touched or not. `nil` as
    /// above.
    package var wantedBytes: Int?

    package init(heldBytes: Int, wantedBytes: Int?) {
        self.heldBytes = heldBytes
        self.wantedBytes = wantedBytes
    }
}
