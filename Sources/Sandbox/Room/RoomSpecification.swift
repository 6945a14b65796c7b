/// What the processes of an environment see instead of this machine (Linux). The launcher does what stands here, in its
/// order, and has no opinion of its own: who decides what a function can reach is ``SandboxBackend`` alone.
package struct RoomSpecification: Sendable, Hashable {
    /// A numeric user and group.
    package struct User: Sendable, Hashable {
        package var user: UInt32
        package var group: UInt32

        package init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }
    }

    /// A part of the file system. A target is an absolute path in the room; the directory around it comes first.
    package enum Part: Sendable, Hashable {
        case directory(String)
        /// A directory or file of this machine, read-only.
        case bind(String, at: String)
        case device(String, at: String)
        case link(to: String, at: String)
        /// A copy of a small file; nothing where there is none.
        case copy(String, at: String)
        case text(String, at: String)
        /// Directories over each other, the winning one first, read-only. An empty path: an empty directory.
        case overlay([String], at: String)
        /// A root file system below all parts before this one, read-only.
        case root(String)
        /// A tmpfs with mount options.
        case memoryDisk(options: String, at: String)
        /// A file with an ext4 file system. Needs root.
        case disk(String, at: String)
        /// /proc of the room's own processes.
        case processes(at: String)
    }

    /// A control group that every process joins. Removed at the end.
    package struct Group: Sendable, Hashable {
        /// Of a directory that does not exist yet.
        package var path: String
        /// Of cgroups: 1 or 2.
        package var version: Int
        package var values: [Value] = []
        package var role: Role?

        package struct Value: Sendable, Hashable {
            package var file: String
            package var value: String
            /// Nothing is wrong where there is no such file.
            package var isOptional = false
        }

        package enum Role: Sendable, Hashable {
            /// Keeps the limit.
            case memory(bytes: Int)
        }
    }

    /// An existing directory that no source lies in, over which the new root is put together.
    package var base: String
    /// Of the function.
    package var user: User
    /// The caller's own user, who becomes `user` in a user namespace; `nil`: the caller is root and does without.
    package var outerUser: User?
    package var hostname: String
    /// A port on the loopback address of a network of the room's own; `nil`: this machine's network.
    package var privateNetworkPort: Int?
    /// RLIMIT_NPROC.
    package var processLimit: Int?
    package var isABIStrict = false
    package var parts: [Part] = []
    package var groups: [Group] = []
    /// The index of a group of cgroup version 2 that freezes the processes; `nil`: they are stopped by signals.
    package var freezer: Int?
    /// A limit in bytes that is kept by looking at the processes every 5 to 100 ms, where no group keeps it.
    package var watchedMemoryBytes: Int?
    /// The tmpfs whose content does not count as memory.
    package var scratch: String?

    package init(base: String, user: User, hostname: String) {
        self.base = base
        self.user = user
        self.hostname = hostname
    }
}
