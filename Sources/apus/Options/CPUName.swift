import ArgumentParser
import LambdaModel

/// The argument of `--cpu`.
enum CPUName {
    static let help = ArgumentHelp(
        "The CPU: host, lambda-x86_64, lambda-arm64, x86-64-v1 to -v4, rosetta2, docker-qemu6 or qemu:MODEL.",
        valueName: "name"
    )

    /// Refuses a name that is no profile's.
    static func validate(_ name: String) throws {
        do {
            _ = try CPUProfile.profile(named: name)
        } catch {
            throw ValidationError("--cpu: \(error)")
        }
    }
}
