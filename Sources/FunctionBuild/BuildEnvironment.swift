import LambdaModel

/// The environment of build tools: the host's, as in SAM, with what the build adds.
enum BuildEnvironment {
    /// The variables for one request's tools, without `ARTIFACTS_DIR`, which is another path in each build.
    static func variables(for request: BuildRequest, host: [String: String]) -> [String: String] {
        var variables = host
        if variables["MAKELEVEL"] != nil {
            // Apus itself runs under make: that make's flags and job server are not meant for this one.
            for key in ["MAKELEVEL", "MAKEFLAGS", "MFLAGS", "GNUMAKEFLAGS", "MAKEFILES"] { variables[key] = nil }
        }
        variables["APUS_ARCHITECTURE"] = request.architecture.rawValue
        variables["APUS_TARGET_CPU"] = request.targetCPU
        return variables.merging(request.environment) { $1 }
    }

    /// Whether a variable may change what is built. The rest (terminal, session, working directory) comes and goes.
    static func isRelevant(_ key: String, _ request: BuildRequest) -> Bool {
        request.environment[key] != nil || names.contains(key) || prefixes.contains { key.hasPrefix($0) }
    }

    private static let names: Set<String> = [
        "PATH", "HOME", "SHELL", "LANG", "MAKEFLAGS", "GNUMAKEFLAGS", "MAKEFILES", "CC", "CXX", "CPP", "LD", "AR", "AS",
        "NASM", "RANLIB", "STRIP", "OBJCOPY", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LDLIBS", "ASFLAGS", "CPATH",
        "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "LD_LIBRARY_PATH", "TARGET", "SDKROOT", "TOOLCHAINS",
        "SOURCE_DATE_EPOCH", "PKG_CONFIG_PATH",
    ]
    private static let prefixes = ["LC_", "SAM_", "APUS_", "CARGO_", "RUST", "GO", "CGO_", "SWIFT", "ZIG_", "CMAKE_"]
}
