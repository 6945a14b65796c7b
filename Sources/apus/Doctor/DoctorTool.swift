/// A program that some use of Apus needs.
struct DoctorTool: Sendable {
    /// What it is called in the report.
    var name: String
    /// Names of its file; the first that is found counts.
    var programs: [String]
    /// What makes it tell its version; `nil`: it is not asked.
    var arguments: [String]?
    var purpose: String
    var package: Distribution.Package
    /// A program in whose directory it may lie.
    var neighbour: String?

    init(
        _ name: String,
        programs: [String]? = nil,
        _ arguments: [String]? = ["--version"],
        for purpose: String,
        _ package: Distribution.Package,
        beside neighbour: String? = nil
    ) {
        self.name = name
        self.programs = programs ?? [name]
        self.arguments = arguments
        self.purpose = purpose
        self.package = package
        self.neighbour = neighbour
    }

    func path(in searchPath: SearchPath) -> String? {
        if let path = searchPath.find(programs) { return path }
        guard let neighbour else { return nil }
        return programs.lazy.compactMap { searchPath.find($0, beside: neighbour) }.first
    }
}

extension DoctorTool {
    static let qemuX86 = DoctorTool(
        "qemu-x86_64",
        programs: ["qemu-x86_64", "qemu-x86_64-static"],
        for: "runs x86_64 functions on the CPU that --cpu names",
        Packages.qemu
    )
    static let qemuARM64 = DoctorTool(
        "qemu-aarch64",
        programs: ["qemu-aarch64", "qemu-aarch64-static"],
        for: "runs arm64 functions on the CPU that --cpu names",
        Packages.qemu
    )

    static let symbolizers = [
        DoctorTool(
            "llvm-symbolizer",
            for: "names source lines of a crash",
            Packages.symbolizer,
            beside: "swift"
        ),
        DoctorTool("addr2line", for: "names source lines of a crash, where there is no llvm-symbolizer", binutils),
        DoctorTool(
            "swift-demangle",
            nil,
            for: "makes Swift's function names readable",
            Packages.swift,
            beside: "swift"
        ),
    ]

    static let rustc = DoctorTool("rustc", for: "compiles Rust functions", Packages.rust)
    static let buildTools = [
        DoctorTool("make", for: "BuildMethod: makefile", Packages.make),
        DoctorTool("cmake", for: "builds C and C++ functions with a CMakeLists.txt", Packages.cmake),
        DoctorTool("cargo", for: "builds Rust functions", Packages.rust),
        rustc,
        DoctorTool("go", ["version"], for: "builds Go functions", Packages.go),
        DoctorTool("swift", for: "builds Swift functions", Packages.swift),
        DoctorTool("zig", ["version"], for: "builds Zig functions, cross-compiles C", Packages.zig),
        DoctorTool(
            "gcc",
            programs: ["gcc", "cc", "clang"],
            for: "compiles and links C; Rust links with it",
            Packages.gcc
        ),
        DoctorTool("nasm", ["-v"], for: "assembles x86_64 functions", Packages.nasm),
        DoctorTool(
            "aarch64-linux-gnu-gcc",
            for: "compiles and links for arm64 on another architecture",
            Packages.arm64Compiler
        ),
    ]

    static let neighbours = [
        // Python takes a second to start it.
        DoctorTool("sam", nil, for: "AWS SAM CLI, whose projects and builds Apus shares", Packages.sam),
        DoctorTool("python3", for: "runs AWS's Python runtime client and SAM CLI", Packages.python),
    ]

    private static let binutils = Distribution.Package("binutils")
}
