internal import CLauncher
internal import LambdaModel

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// A specification as the strings that the launcher reads (see CLauncher.h).
enum LauncherEntries {
    static func entries(for specification: LaunchSpecification) throws(LaunchFailure) -> [String] {
        var result = [
            entry(APUS_ENTRY_DIRECTORY, specification.workingDirectory),
            entry(APUS_ENTRY_EXECUTABLE, specification.executable),
        ]
        result += specification.arguments.map { entry(APUS_ENTRY_ARGUMENT, $0) }
        // Sorted, so that two starts of one function see the same order.
        for (key, value) in specification.environment.sorted(by: { $0.key < $1.key }) {
            result.append(entry(APUS_ENTRY_VARIABLE, key + "=" + value))
        }
        if specification.capturesCrashes { result.append(entry(APUS_ENTRY_TRACE, "")) }
        if let emulation = specification.emulation {
            result += emulation.launcherEntries.map { entry(APUS_ENTRY_EMULATION, $0) }
        }
        guard result.allSatisfy({ !$0.utf8.contains(0) }), !specification.arguments.isEmpty else {
            throw .exec(code: EINVAL, path: specification.executable)
        }
        return result
    }

    private static func entry<Kind: BinaryInteger>(_ kind: Kind, _ text: String) -> String {
        String(UnicodeScalar(UInt8(truncatingIfNeeded: kind))) + text
    }
}
