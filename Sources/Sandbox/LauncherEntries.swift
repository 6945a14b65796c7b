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
    /// - Throws: `LaunchFailure.exec` with EINVAL, naming the executable, for what no process can be given: a NUL in a string,
    ///   no arguments; with E2BIG, naming the first one too many, for more extensions than there may be.
    /// - Parameter isAgain: the room has been made before.
    static func entries(
        for specification: LaunchSpecification,
        again isAgain: Bool = false
    ) throws(LaunchFailure) -> [String] {
        let extensions = specification.extensions
        guard extensions.count <= LaunchSpecification.maximumExtensions else {
            throw .exec(code: E2BIG, path: extensions[LaunchSpecification.maximumExtensions].executable)
        }
        let main = ExtensionSpecification(
            executable: specification.executable,
            arguments: specification.arguments,
            environment: specification.environment,
            workingDirectory: specification.workingDirectory
        )
        var result = try program(main)
        for specification in extensions {
            result.append(entry(APUS_ENTRY_EXTENSION, ""))
            result += try program(specification)
        }
        if let cleanup = specification.cleanup {
            result.append(entry(APUS_ENTRY_CLEANUP, ""))
            result += try program(cleanup)
        }
        if specification.capturesCrashes { result.append(entry(APUS_ENTRY_TRACE, "")) }
        if let room = specification.room {
            let kind = isAgain ? [RoomSpecification.Entry(APUS_ROOM_EXISTS, "")] : []
            let entries = (room.entries + kind).map { entry(APUS_ENTRY_ROOM, $0.string) }
            try check(entries, executable: specification.executable)
            result += entries
        }
        if let emulation = specification.emulation {
            let entries = emulation.launcherEntries.map { entry(APUS_ENTRY_EMULATION, $0) }
            try check(entries, executable: specification.executable)
            result += entries
        }
        return result
    }

    private static func program(_ program: ExtensionSpecification) throws(LaunchFailure) -> [String] {
        guard !program.arguments.isEmpty else { throw .exec(code: EINVAL, path: program.executable) }
        var result = [
            entry(APUS_ENTRY_DIRECTORY, program.workingDirectory),
            entry(APUS_ENTRY_EXECUTABLE, program.executable),
        ]
        result += program.arguments.map { entry(APUS_ENTRY_ARGUMENT, $0) }
        // Sorted, so that two starts of one function see the same order.
        for (key, value) in program.environment.sorted(by: { $0.key < $1.key }) {
            result.append(entry(APUS_ENTRY_VARIABLE, key + "=" + value))
        }
        try check(result, executable: program.executable)
        return result
    }

    private static func check(_ entries: [String], executable: String) throws(LaunchFailure) {
        guard entries.allSatisfy({ !$0.utf8.contains(0) }) else { throw .exec(code: EINVAL, path: executable) }
    }

    private static func entry<Kind: BinaryInteger>(_ kind: Kind, _ text: String) -> String {
        String(UnicodeScalar(UInt8(truncatingIfNeeded: kind))) + text
    }
}
