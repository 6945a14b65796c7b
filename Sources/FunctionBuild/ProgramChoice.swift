import LambdaModel

/// Which of the programs that a tool has made is the function's.
enum ProgramChoice {
    /// - Parameters:
    ///   - wanted: `BuildProperties.Binary`.
    ///   - kind: what the programs are in the tool's words, such as "executable product".
    static func choose(
        _ names: [String],
        wanted: String?,
        kind: String,
        place: String
    ) throws(ApusError) -> String {
        let list = names.sorted().joined(separator: ", ")
        if let wanted {
            if names.contains(wanted) { return wanted }
            throw ApusError(
                .buildInvalid,
                "there is no \(kind) '\(wanted)' in '\(place)'" + (names.isEmpty ? "" : "; it has \(list)"),
                hint: "Correct Metadata.BuildProperties.Binary."
            )
        }
        if names.contains("bootstrap") { return "bootstrap" }
        if names.count == 1 { return names[0] }
        guard let first = names.sorted().first else {
            throw ApusError(
                .buildEmpty,
                "'\(place)' has no \(kind), so there is no bootstrap",
                hint: "A function is a program: let the build make one of the name bootstrap."
            )
        }
        throw ApusError(
            .buildInvalid,
            "'\(place)' has several of kind \(kind): \(list)",
            hint: "Name the function's own in its Metadata: BuildProperties: {Binary: \(first)}."
        )
    }

    /// Names of the ELF programs at the top of a directory.
    static func programs(in directory: String) -> [String] {
        ((try? Directory.names(directory)) ?? []).filter { name in
            let path = directory + "/" + name
            guard !Directory.isDirectory(path), !name.contains(".so"), !name.hasSuffix(".o"),
                let permissions = try? Directory.permissions(path), permissions & 0o111 != 0
            else { return false }
            return TextFile.start(of: path, count: 4) == [0x7f, 0x45, 0x4c, 0x46]
        }
    }
}
