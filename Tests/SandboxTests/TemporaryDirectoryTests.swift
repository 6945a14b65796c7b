import CLauncher
import Glibc
import LambdaModel
import Testing

@testable import Sandbox

@Suite struct TemporaryDirectoryTests {
    @Test func isPrivateAndGoesAway() throws {
        let directory = try TemporaryDirectory.make(prefix: "x-")
        var status = stat()
        #expect(lstat(directory.path, &status) == 0)
        #expect(status.st_mode == S_IFDIR | 0o700)
        #expect(directory.path.split(separator: "/").last?.hasPrefix("apus-x-") == true)
        directory.remove()
        directory.remove()
        #expect(lstat(directory.path, &status) != 0)
    }

    @Test func goesAwayWithItsValue() throws {
        var directory: TemporaryDirectory? = try TemporaryDirectory.make()
        let path = try #require(directory?.path)
        #expect(access(path, F_OK) == 0)
        directory = nil
        #expect(access(path, F_OK) != 0)
    }

    @Test func aSlashCannotLeadElsewhere() throws {
        let directory = try TemporaryDirectory.make(prefix: "../../a\0b/")
        #expect(directory.path.hasSuffix("/apus-....ab" + directory.path.suffix(16)))
    }

    /// What a function may leave: deep trees, directories without permissions, links out of the tree.
    @Test func removesWhatFunctionsLeave() throws {
        let outside = try Scratch()
        try outside.write("keep", "kept")
        let directory = try TemporaryDirectory.make()
        let environment = try RunningEnvironment(
            shell: """
                ln -s "$1" link; ln -s "$1/keep" file-link; ln "$1/keep" hard-link
                mkdir -p locked/inside; echo x > locked/inside/file; chmod 000 locked/inside locked
                mkfifo fifo; echo x > ' odd
                name'; echo x > .hidden; mkdir .hidden-directory
                i=0; while [ $i -lt 300 ]; do mkdir d; echo x > d/file; cd d; i=$((i+1)); done
                """,
            arguments: [outside.path],
            directory: directory.path
        )
        let output = environment.output()
        #expect(output.isEmpty)
        #expect(try environment.allMessages().last?.exitStatus == .exited(0))
        #expect(HostProcess.entries(directory.path).count == 9)
        directory.remove()
        #expect(access(directory.path, F_OK) != 0)
        #expect(HostProcess.entries(outside.path) == ["keep"])
    }

    @Test func doesNotFollowALinkInItsPlace() throws {
        let outside = try Scratch()
        try outside.write("keep", "kept")
        let directory = try TemporaryDirectory.make()
        #expect(rmdir(directory.path) == 0)
        #expect(symlink(outside.path, directory.path) == 0)
        directory.remove()
        #expect(HostProcess.entries(outside.path) == ["keep"])
        #expect(unlink(directory.path) == 0)
    }

    @Test(arguments: ["kept", "xapus-", "apus-a/../kept", "apus-a/.."])
    func theJanitorRefusesOtherDirectories(name: String) throws {
        let scratch = try Scratch()
        try scratch.makeDirectory("kept")
        try scratch.makeDirectory("xapus-")
        try scratch.makeDirectory("apus-a")
        let sockets = try Descriptors.socketPair()
        let pid = try LauncherProcess.spawn(
            APUS_JANITOR_NAME,
            control: sockets.launcher,
            entries: [":" + scratch.path + "/" + name]
        )
        Descriptors.close(sockets.own, sockets.launcher)
        #expect(waitpid(pid, nil, 0) == pid)
        #expect(HostProcess.entries(scratch.path) == ["apus-a", "kept", "xapus-"])
    }
}
