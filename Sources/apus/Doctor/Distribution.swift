/// Which packages this machine takes, from `/etc/os-release`.
struct Distribution: Sendable {
    enum Manager: Sendable, Hashable {
        case apt, dnf, zypper, pacman, apk, brew
    }

    /// `Debian GNU/Linux 12 (bookworm)`.
    var title: String
    var manager: Manager?

    /// Names of one package with the different managers; `nil` where a manager has none.
    struct Package: Sendable {
        var names: [Manager: String]
        /// For managers without it.
        var otherwise: String?

        /// The same name everywhere.
        init(_ name: String) {
            names = [.apt: name, .dnf: name, .zypper: name, .pacman: name, .apk: name, .brew: name]
        }

        init(_ names: [Manager: String], otherwise: String? = nil) {
            self.names = names
            self.otherwise = otherwise
        }
    }

    /// The command that installs it here, or the advice for systems without a package.
    func remedy(for package: Package) -> String? {
        guard let manager, let name = package.names[manager] else { return package.otherwise }
        return Self.command(manager) + " " + name
    }

    /// - Parameter text: of `os-release`: lines `KEY=value`, the value perhaps in quotes.
    init(osRelease text: String) {
        var values: [Substring: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let value = line[line.index(after: equals)...].drop { $0 == "\"" || $0 == "'" }
            values[line[..<equals]] = String(value.reversed().drop { $0 == "\"" || $0 == "'" }.reversed())
        }
        title = values["PRETTY_NAME"] ?? "Linux"
        let identifiers = [values["ID"], values["ID_LIKE"]].compactMap { $0 }.joined(separator: " ")
        manager = identifiers.split(separator: " ").lazy.compactMap { Self.managers[String($0)] }.first
    }

    private init(title: String, manager: Manager?) {
        self.title = title
        self.manager = manager
    }

    static func macOS(version: String) -> Distribution {
        Distribution(title: "macOS " + version, manager: .brew)
    }

    private static func command(_ manager: Manager) -> String {
        switch manager {
        case .apt: "sudo apt-get install"
        case .dnf: "sudo dnf install"
        case .zypper: "sudo zypper install"
        case .pacman: "sudo pacman -S"
        case .apk: "sudo apk add"
        case .brew: "brew install"
        }
    }

    private static let managers: [String: Manager] = [
        "debian": .apt, "ubuntu": .apt, "linuxmint": .apt, "raspbian": .apt,
        "fedora": .dnf, "rhel": .dnf, "centos": .dnf, "amzn": .dnf, "rocky": .dnf, "almalinux": .dnf,
        "opensuse": .zypper, "suse": .zypper, "sles": .zypper, "opensuse-tumbleweed": .zypper,
        "arch": .pacman, "manjaro": .pacman, "alpine": .apk,
    ]
}
