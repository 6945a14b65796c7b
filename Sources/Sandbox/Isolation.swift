internal import LambdaModel

/// What a backend guarantees of 02 §8 ("where a function lives"), property by property.
package struct Isolation: Sendable, Hashable {
    package enum Property: String, Sendable, Hashable, CaseIterable {
        case readOnlyRoot, codeInVarTask, layersInOpt, hiddenHost, privateTmp, sizedTmp, functionUser, noPrivileges
        case ownProcesses, cleanEnvironment, descriptorLimit, processLimit, memoryLimit, cpuShare, freeze
        case privateNetwork, amazonLinux
    }

    package enum Guarantee: Sendable, Hashable {
        /// By these means.
        case enforced(String)
        /// And why not.
        case absent(String)
    }

    package var backend: String
    package var guarantees: [Property: Guarantee]

    package init(backend: String, guarantees: [Property: Guarantee]) {
        self.backend = backend
        self.guarantees = guarantees
    }

    /// `memoryLimit`: `memory limit`.
    package static func title(of property: Property) -> String {
        switch property {
        case .readOnlyRoot: "read-only root"
        case .codeInVarTask: "code in /var/task"
        case .layersInOpt: "layers in /opt"
        case .hiddenHost: "hidden host"
        case .privateTmp: "private /tmp"
        case .sizedTmp: "sized /tmp"
        case .functionUser: "user of its own"
        case .noPrivileges: "no privileges"
        case .ownProcesses: "own processes"
        case .cleanEnvironment: "clean environment"
        case .descriptorLimit: "1,024 descriptors"
        case .processLimit: "1,024 processes"
        case .memoryLimit: "memory limit"
        case .cpuShare: "CPU share"
        case .freeze: "freeze"
        case .privateNetwork: "private network"
        case .amazonLinux: "Amazon Linux"
        }
    }

    /// In the order of the properties; what nothing is known of counts as absent.
    package var enforced: [Property] {
        Property.allCases.filter { if case .enforced = guarantees[$0] { true } else { false } }
    }

    package var absent: [Property] {
        let enforced = Set(enforced)
        return Property.allCases.filter { !enforced.contains($0) }
    }

    /// `{"backend":"sandbox","enforced":{"memoryLimit":"cgroup v2"},"notEnforced":{"amazonLinux":"…"}}`
    package var json: String {
        func object(_ properties: [Property]) -> String {
            JSONText.object(properties.map { ($0.rawValue, JSONText.quoted(text(of: $0))) })
        }
        return JSONText.object([
            ("backend", JSONText.quoted(backend)), ("enforced", object(enforced)), ("notEnforced", object(absent)),
        ])
    }

    private func text(of property: Property) -> String {
        switch guarantees[property] {
        case .enforced(let text), .absent(let text): text
        case nil: "not known"
        }
    }
}
