import Archive
import LambdaModel

/// `BuildMethod: c` or `cpp` with a `CMakeLists.txt`: configured and built outside the sources; its program becomes
/// `bootstrap`.
struct CMakeBuild: CompiledSources {
    /// Real path.
    let directory: String

    var identity: [String] { ["cmake"] }
    var roots: [String] { [directory] }
    var tools: [String] { ["cmake", "cc", "c++", "gcc", "g++", "zig"] }

    func build(in context: BuildContext) async throws {
        let cmake = try context.tool(
            "cmake",
            hint: "Install it: sudo apt-get install cmake (Debian, Ubuntu), dnf install cmake, brew install cmake."
        )
        let toolchain = try await CToolchain.find(in: context)
        let scratch = try context.makeScratch()
        // A program that is no longer made must not be taken for the new one.
        try FileTree.remove(programs(scratch))
        try await context.run(configuration(cmake, toolchain, scratch, context))
        try await context.run(
            ToolCommand(
                title: "cmake --build",
                program: cmake,
                arguments: ["--build", scratch, "--parallel"],
                environment: toolchain.isZig ? ZigTool.caches(scratch) : [:],
                directory: directory
            )
        )
        let place = ProgramChoice.programs(in: programs(scratch)).isEmpty ? scratch : programs(scratch)
        let name = try ProgramChoice.choose(
            ProgramChoice.programs(in: place),
            wanted: context.request.binary,
            kind: "executable",
            place: directory + "/CMakeLists.txt"
        )
        try TreeCopy.copyFile(place + "/" + name, to: context.artifacts + "/bootstrap", permissions: 0o755)
    }

    private func programs(_ scratch: String) -> String { scratch + "/apus-programs" }

    func configuration(
        _ cmake: String,
        _ toolchain: CToolchain,
        _ scratch: String,
        _ context: BuildContext
    ) -> ToolCommand {
        let target = context.target
        var settings = [
            ("CMAKE_BUILD_TYPE", target.isDebug ? "Debug" : "Release"),
            ("CMAKE_RUNTIME_OUTPUT_DIRECTORY", programs(scratch)),
            ("CMAKE_C_COMPILER", toolchain.c.joined(separator: ";")),
            ("CMAKE_C_FLAGS", toolchain.flags(target, own: context.words("CFLAGS")).joined(separator: " ")),
            ("CMAKE_CXX_FLAGS", toolchain.flags(target, own: context.words("CXXFLAGS")).joined(separator: " ")),
        ]
        if !toolchain.cxx.isEmpty { settings.append(("CMAKE_CXX_COMPILER", toolchain.cxx.joined(separator: ";"))) }
        if toolchain.isCross {
            settings += [("CMAKE_SYSTEM_NAME", "Linux"), ("CMAKE_SYSTEM_PROCESSOR", target.machine)]
        }
        return ToolCommand(
            title: "cmake",
            program: cmake,
            arguments: ["-S", directory, "-B", scratch, "--no-warn-unused-cli"] + settings.map { "-D\($0.0)=\($0.1)" },
            environment: toolchain.isZig ? ZigTool.caches(scratch) : [:],
            directory: directory
        )
    }
}
