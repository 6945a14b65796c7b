/// A container engine of this machine, driven through its command line.
package struct ContainerEngine: Sendable, Hashable {
    /// In the order in which they are looked for.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case docker, podman, nerdctl, finch
        /// Apple's.
        case container
    }

    /// How options are written.
    enum Dialect {
        case docker, apple
    }

    package let kind: Kind
    /// The client program, an absolute path.
    package let path: String

    package init(kind: Kind, path: String) {
        self.kind = kind
        self.path = path
    }

    var dialect: Dialect { kind == .container ? .apple : .docker }

    /// How a container reaches this machine's Runtime API.
    enum Reach: Hashable {
        /// Containers share this machine's network.
        case hostNetwork
        /// The engine runs in a virtual machine, from which this name leads to our loopback address.
        case name(String)
        /// The same, but the address is that of a network interface of ours: a server has to listen on all of them.
        case interface(String)
    }

    /// Sources: the engines' own documentation. Podman: `host.containers.internal`; Docker Desktop, OrbStack, Rancher Desktop
    /// and Finch (1.4 and later): `host.docker.internal`; nerdctl in Lima: `host.lima.internal`; Apple: the gateway of its
    /// network `default`.
    func reach(onMac isMac: Bool = Self.isMac) -> Reach {
        guard isMac else { return .hostNetwork }
        return switch kind {
        case .docker, .finch: .name("host.docker.internal")
        case .podman: .name("host.containers.internal")
        case .nerdctl: .name("host.lima.internal")
        case .container: .interface("192.168.64.1")
        }
    }

    static var isMac: Bool {
        #if os(macOS)
        true
        #else
        false
        #endif
    }

    /// The command that fetches an image, for messages.
    func pullCommand(_ image: String, platform: String) -> String {
        "\(kind.rawValue)\(dialect == .apple ? " image" : "") pull --platform \(platform) \(image)"
    }

    // MARK: Ending

    /// A command for `/bin/sh -c` that ends and removes the container whose name is its `$1`, whatever its state is, and
    /// that is content where there is none. The engine is its `$0`.
    var removal: String {
        switch kind {
        // Without a time podman waits ten seconds for a function that ignores SIGTERM; the others do not ask.
        case .podman: #"exec "$0" rm --force --volumes --time 0 "$1""#
        case .docker, .nerdctl, .finch: #"exec "$0" rm --force --volumes "$1""#
        case .container: #""$0" kill "$1"; exec "$0" delete --force "$1""#
        }
    }
}
