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
    /// Whether containers run in a virtual machine, as on every Mac.
    package var runsInMachine = Self.isMac

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
    var reach: Reach {
        guard runsInMachine else { return .hostNetwork }
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

    /// A script for `/bin/sh -c` that ends and removes a container, whatever its state is, and that is content where there is
    /// none. `$0` is the engine, `$1` the container's name, `$2` a directory where it notes that it has come (`ended`), and
    /// that the container has been there (`removed`), which then cannot come again. That directory may be gone.
    var removal: String {
        """
        [ ! -e "$2/removed" ] || exit 0
        true >"$2/ended"
        removed=$(\(removalCommand)) && [ -n "$removed" ] && true >"$2/removed"
        """
    }

    /// Prints the container that it has removed.
    private var removalCommand: String {
        switch kind {
        // Without a time podman waits ten seconds for a function that ignores SIGTERM; the others do not ask.
        case .podman: #""$0" rm --force --volumes --time 0 "$1""#
        case .docker, .nerdctl, .finch: #""$0" rm --force --volumes "$1""#
        case .container: #""$0" kill "$1" >&2; "$0" delete --force "$1""#
        }
    }

    /// A script for `/bin/sh -c` that runs a container and ends as that has ended. `$0` is the engine, `$1` the container's
    /// name, the rest the arguments. Signals go to the engine's client, which hands them on. It notes in its working
    /// directory whether the memory ran out (`oom-killed`); podman 4 writes there by itself (`oom`).
    var client: String {
        """
        name=$1; shift
        trap : HUP INT QUIT TERM
        "$0" "$@"
        code=$?
        \(dialect == .docker ? inspection : ":")
        exit "$code"
        """
    }

    /// Only what was not ended by us.
    private var inspection: String {
        #"[ "$code" != 137 ] || [ -e ended ] || "$0" inspect --format '{{.State.OOMKilled}}' "$name" >oom-killed 2>/dev/null"#
    }
}
