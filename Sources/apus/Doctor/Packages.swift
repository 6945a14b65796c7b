/// The packages that the doctor recommends.
enum Packages {
    static let qemu = Distribution.Package(
        [
            .apt: "qemu-user", .dnf: "qemu-user", .zypper: "qemu-linux-user", .pacman: "qemu-user",
            .apk: "qemu-x86_64 qemu-aarch64",
        ],
        otherwise: "qemu-user exists on Linux only"
    )
    static let arm64Library = Distribution.Package(
        [.apt: "libc6-arm64-cross", .pacman: "aarch64-linux-gnu-glibc"],
        otherwise: "static arm64 programs need none; for others unpack an arm64 root file system"
    )
    static let arm64Compiler = Distribution.Package(
        [
            .apt: "gcc-aarch64-linux-gnu", .dnf: "gcc-aarch64-linux-gnu", .zypper: "cross-aarch64-gcc13",
            .pacman: "aarch64-linux-gnu-gcc",
        ],
        otherwise: "zig cc -target aarch64-linux-musl does the same"
    )
    static let libarchive = Distribution.Package(
        [
            .apt: "libarchive13", .dnf: "libarchive", .zypper: "libarchive13", .pacman: "libarchive",
            .apk: "libarchive", .brew: "libarchive",
        ],
        otherwise: "install libarchive 3"
    )
    static let zydis = Distribution.Package(
        [.apt: "libzydis4.0", .dnf: "zydis", .pacman: "zydis", .brew: "zydis", .zypper: "libZydis4"],
        otherwise: "install Zydis 4: https://github.com/zyantific/zydis"
    )
    static let make = Distribution.Package("make")
    static let cmake = Distribution.Package("cmake")
    static let gcc = Distribution.Package(
        [.apt: "gcc", .dnf: "gcc", .zypper: "gcc", .pacman: "gcc", .apk: "build-base"],
        otherwise: "xcode-select --install"
    )
    static let nasm = Distribution.Package("nasm")
    static let go = Distribution.Package(
        [.apt: "golang-go", .dnf: "golang", .zypper: "go", .pacman: "go", .apk: "go", .brew: "go"],
        otherwise: "https://go.dev/dl/"
    )
    static let rust = Distribution.Package([.brew: "rustup"], otherwise: "https://rustup.rs")
    static let swift = Distribution.Package([:], otherwise: "https://www.swift.org/install/")
    static let zig = Distribution.Package(
        [.dnf: "zig", .zypper: "zig", .pacman: "zig", .apk: "zig", .brew: "zig"],
        otherwise: "https://ziglang.org/download/"
    )
    static let python = Distribution.Package(
        [.apt: "python3", .dnf: "python3", .zypper: "python3", .pacman: "python", .apk: "python3", .brew: "python"],
        otherwise: "https://www.python.org/downloads/"
    )
    static let sam = Distribution.Package([.brew: "aws-sam-cli"], otherwise: "pipx install aws-sam-cli")
    static let symbolizer = Distribution.Package(
        [.apt: "llvm", .dnf: "llvm", .zypper: "llvm", .pacman: "llvm", .apk: "llvm", .brew: "llvm"],
        otherwise: "install LLVM's tools"
    )
}
