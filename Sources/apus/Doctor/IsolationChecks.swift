import LambdaModel
import Sandbox

/// The ways to keep a function apart from the machine: which work here, and what each guarantees.
struct IsolationChecks {
    private let engines: [ContainerEngine.Facts]
    private let support: Result<SandboxSupport, SandboxSupport.Refusal>

    init(_ examination: Examination) {
        engines = ContainerEngine.survey(path: examination.variables["PATH"] ?? "")
        support = Result { () throws(SandboxSupport.Refusal) in try SandboxSupport.probe() }
    }

    var checks: [DoctorCheck] {
        [sandbox, memory, process] + containerEngines
    }

    /// Of the backends that work here, the default first.
    var isolations: [Isolation] {
        var result = [ProcessBackend(taskRoot: "/").isolation]
        if case .success(let support) = support {
            let function = FunctionConfiguration(name: "doctor")
            result.insert(SandboxBackend(function: function, taskRoot: "/", support: support).isolation, at: 0)
        }
        if let engine = engines.first(where: { $0.problem == nil })?.engine {
            result.append(ContainerBackend.isolation(by: engine, imageName: "the image"))
        }
        return result
    }

    private var sandbox: DoctorCheck {
        let name = "backend sandbox"
        switch support {
        case .success(let support):
            let user = support.usesUserNamespace ? "in a user namespace" : "as root"
            return DoctorCheck(
                name,
                .ok,
                "a program was started \(user): the default of apus invoke. It enforces \(Self.list(isolations[0].enforced)); "
                    + "not \(Self.list(isolations[0].absent))"
            )
        case .failure(let refusal):
            return DoctorCheck(
                name,
                .warning,
                refusal.reason,
                purpose: "shows functions what they see on Lambda",
                remedy: refusal.hint.isEmpty ? nil : refusal.hint
            )
        }
    }

    private var memory: DoctorCheck {
        let name = "memory limit"
        guard case .success(let support) = support else {
            return DoctorCheck(name, .warning, "none: it needs the backend sandbox")
        }
        if let place = support.groups.memory {
            return DoctorCheck(name, .ok, "control groups of version \(place.version), below \(place.directory)")
        }
        return DoctorCheck(
            name,
            .warning,
            "the launcher looks at resident memory every 5 to 100 ms: no control group that limits memory can be made here",
            remedy: "for one that is exact: systemd-run --user --scope apus …"
        )
    }

    private var process: DoctorCheck {
        let isolation = ProcessBackend(taskRoot: "/").isolation
        return DoctorCheck(
            "backend process",
            .ok,
            "functions run as processes of yours, without isolation but \(Self.list(isolation.enforced))"
        )
    }

    private static func list(_ properties: [Isolation.Property]) -> String {
        properties.map(Isolation.title).joined(separator: ", ")
    }

    private var containerEngines: [DoctorCheck] {
        guard !engines.isEmpty else {
            return [
                DoctorCheck(
                    "container engines",
                    .ok,
                    "none found; only --backend container and image functions need one"
                )
            ]
        }
        return engines.map { facts in
            let name = "engine \(facts.engine.kind.rawValue)"
            guard let problem = facts.problem else {
                return DoctorCheck(
                    name,
                    .found,
                    "it answers; whether it starts containers was not tried",
                    path: facts.engine.path
                )
            }
            return DoctorCheck(
                name,
                .warning,
                problem,
                path: facts.engine.path,
                purpose: "--backend container and functions that are images",
                remedy: "start its service, or use another engine; the other backends need none"
            )
        }
    }
}
