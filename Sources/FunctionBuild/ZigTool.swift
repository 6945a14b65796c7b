import LambdaModel

/// How zig is called: from `PATH`, or as the Python package `ziglang`.
struct ZigTool: Equatable, Sendable {
    /// Absolute path.
    var program: String
    /// What comes before zig's own arguments.
    var leading: [String] = []

    static let hint =
        "Install it: https://ziglang.org/download/, or pip install ziglang, whose python3 must then be first in PATH."

    /// `nil` if there is no zig.
    static func find(in context: BuildContext) async -> ZigTool? {
        if let zig = context.find("zig") { return ZigTool(program: zig) }
        guard let python = context.find("python3") else { return nil }
        let tool = ZigTool(program: python, leading: ["-m", "ziglang"])
        let question = ToolCommand(
            title: "python3",
            program: python,
            arguments: ["-c", "import ziglang"],
            directory: "/"
        )
        let answer = try? await BuildTool(path: python).capture(
            question.arguments,
            environment: context.environment,
            directory: question.directory
        )
        return answer?.exitStatus == 0 ? tool : nil
    }

    static var missing: ApusError {
        ApusError(.buildToolMissing, "the build tool 'zig' is not installed, or not in PATH", hint: hint)
    }

    /// `zig SUBCOMMAND ARGUMENTS`, its local cache in a directory of the build.
    func command(_ arguments: [String], title: String, scratch: String, directory: String) -> ToolCommand {
        ToolCommand(
            title: title,
            program: program,
            arguments: leading + arguments,
            environment: Self.caches(scratch),
            directory: directory
        )
    }

    /// Without it zig writes beside the sources. Its global cache stays zig's own, since compiling its library anew takes
    /// half a minute.
    static func caches(_ scratch: String) -> [String: String] { ["ZIG_LOCAL_CACHE_DIR": scratch + "/zig-cache"] }
}
