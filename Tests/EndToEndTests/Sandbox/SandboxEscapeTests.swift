import LambdaModel
import Testing

/// What a function may try to get out, and what becomes of it. Each test counts its attempts, so that none goes missing.
@Suite(.serialized, Prerequisite.gcc, Prerequisite.linux) struct SandboxEscapeTests {
    private func expectRefusals(
        _ seen: [String: String],
        _ count: Int,
        _ errors: Set<String>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(seen.count == count, sourceLocation: sourceLocation)
        for (name, result) in seen.sorted(by: { $0.key < $1.key }) {
            #expect(errors.contains(result), "\(name): \(result)", sourceLocation: sourceLocation)
        }
    }

    /// In all three ways in which a program of this machine can make a system call.
    @Test(arguments: Caller.withSandbox) func noNamespaceCanBeMade(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                SystemCalls.declarations,
                #"""
                char name[64];
                for (int i = 0; i < KINDS; i++) {
                    snprintf(name, sizeof name, "unshare %x", kinds[i]);
                    TRY(name, syscall(SYS_unshare, kinds[i]));
                    snprintf(name, sizeof name, "clone %x", kinds[i]);
                    TRY(name, clones(SYS_clone, kinds[i]));
                #ifdef __x86_64__
                    snprintf(name, sizeof name, "unshare of x32 %x", kinds[i]);
                    TRY(name, syscall(X32 | SYS_unshare, kinds[i]));
                    snprintf(name, sizeof name, "clone of x32 %x", kinds[i]);
                    TRY(name, clones(X32 | SYS_clone, kinds[i]));
                    snprintf(name, sizeof name, "unshare of i386 %x", kinds[i]);
                    TRY(name, i386(310, kinds[i], 0, 0, 0, 0));
                    snprintf(name, sizeof name, "clone of i386 %x", kinds[i]);
                    errno = 0;
                    long child = i386(120, kinds[i] | SIGCHLD, 0, 0, 0, 0);
                    if (child == 0) _exit(0);
                    say_result(name, child);
                #endif
                }
                unsigned long long arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
                errno = 0;
                long child = syscall(435, arguments, sizeof arguments);
                if (child == 0) _exit(0);
                say_result("clone3", child);
                TRY("unshare of time", syscall(SYS_unshare, 0x80));
                """#
            )
            // Of i386 there is nothing in some kernels.
            expectRefusals(seen, 7 * (Architecture.host == .x86_64 ? 6 : 2) + 2, ["EPERM", "ENOSYS"])
        }
    }

    @Test(arguments: Caller.withSandbox) func noMountCanBeChanged(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                SystemCalls.declarations,
                #"""
                TRY("tmpfs", mount("none", "/tmp", "tmpfs", 0, ""));
                TRY("bind", mount("/usr", "/tmp", 0, MS_BIND, 0));
                TRY("writable", mount(0, "/var/task", 0, MS_REMOUNT | MS_BIND, 0));
                TRY("umount", umount2("/var/task", MNT_DETACH));
                TRY("pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp"));
                TRY("chroot", chroot("/tmp"));
                TRY("open_tree", syscall(428, AT_FDCWD, "/", 1));
                TRY("move_mount", syscall(429, AT_FDCWD, "/", AT_FDCWD, "/tmp", 0));
                TRY("fsopen", syscall(430, "tmpfs", 0));
                TRY("fspick", syscall(433, AT_FDCWD, "/", 0));
                unsigned long long attributes[4] = {0, 1, 0, 0};
                TRY("mount_setattr", syscall(442, AT_FDCWD, "/", 0, attributes, sizeof attributes));
                int own = open("/proc/self/ns/mnt", O_RDONLY);
                TRY("setns", setns(own, 0));
                int first = syscall(434, 1, 0);
                TRY("setns of 1", setns(first, 0x20000));
                struct { struct file_handle handle; char bytes[128]; } place = {.handle.handle_bytes = 128};
                int mount_id, directory = open("/usr", O_RDONLY);
                name_to_handle_at(AT_FDCWD, "/usr", &place.handle, &mount_id, 0);
                TRY("open_by_handle_at", open_by_handle_at(directory, &place.handle, O_RDONLY));
                #ifdef __x86_64__
                char *low = mmap(0, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
                strcpy(low, "/tmp");
                strcpy(low + 64, "tmpfs");
                long path = (long)low, type = (long)low + 64;
                TRY("mount of i386", i386(21, type, path, type, 0, 0));
                TRY("umount of i386", i386(22, path, 0, 0, 0, 0));
                TRY("umount2 of i386", i386(52, path, 2, 0, 0, 0));
                TRY("chroot of i386", i386(61, path, 0, 0, 0, 0));
                TRY("pivot_root of i386", i386(217, path, path, 0, 0, 0));
                TRY("setns of i386", i386(346, own, 0, 0, 0, 0));
                TRY("fsopen of i386", i386(430, type, 0, 0, 0, 0));
                TRY("mount of x32", syscall(X32 | SYS_mount, "none", "/tmp", "tmpfs", 0, 0));
                TRY("chroot of x32", syscall(X32 | SYS_chroot, "/tmp"));
                #endif
                """#
            )
            expectRefusals(seen, Architecture.host == .x86_64 ? 23 : 14, ["EPERM", "ENOSYS"])
        }
    }

    @Test(arguments: Caller.withSandbox) func theFirstProcessCannotBeTouched(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                SystemCalls.declarations,
                #"""
                TRY("attach", ptrace(PTRACE_ATTACH, 1, 0, 0));
                TRY("seize", ptrace(PTRACE_SEIZE, 1, 0, 0));
                char bytes[16];
                struct iovec own = {bytes, 16}, other = {main, 16};
                TRY("process_vm_readv", process_vm_readv(1, &own, 1, &other, 1, 0));
                TRY("process_vm_writev", process_vm_writev(1, &own, 1, &other, 1, 0));
                int first = syscall(434, 1, 0);
                const char *numbers[] = {"0", "1", "2", "3", "4", "5"};
                for (int file = 3; file < 6; file++) TRY(numbers[file], syscall(438, first, file, 0));
                const char *names[] = {"environ", "auxv", "maps", "mem", "root/etc/passwd", "cwd/etc/passwd", "exe",
                    "fd/0", "fd/3", "fd/4", "task/1/environ", "ns/mnt", "ns/pid", "ns/user", "stack", "syscall"};
                for (int i = 0; i < sizeof names / sizeof *names; i++) {
                    char path[64];
                    snprintf(path, sizeof path, "/proc/1/%s", names[i]);
                    // Some can be opened, but not read.
                    errno = 0;
                    int file = open(path, O_RDONLY);
                    say_result(path, file >= 0 ? read(file, bytes, sizeof bytes) : file);
                }
                """#
            )
            expectRefusals(seen, 23, ["EPERM", "EACCES"])
        }
    }

    /// Where the function's user is the one of the first process, signals to it are allowed and ignored.
    @Test(arguments: Caller.withSandbox) func signalsEndNobodyElse(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                "",
                #"""
                signal(SIGUSR1, SIG_IGN);
                for (int number = 1; number < 65; number++) kill(1, number);
                say("all", "%d", kill(-1, SIGUSR1) == 0 || errno == EPERM || errno == ESRCH);
                usleep(50000);
                say("parent", "%d", getppid());
                """#
            )
            #expect(seen == ["all": "1", "parent": "1"])
        }
    }

    /// What root of the machine can set for all of it, a function must not, whoever it is outside. Whatever is in /proc beside
    /// processes is tried; what the kernel lets everybody open, it judges when it is written.
    @Test(arguments: Caller.withSandbox) func theMachinesSettingsCannotBeWritten(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                #"""
                static int tried, writable;
                static void look(const char *directory, int depth) {
                    DIR *stream = opendir(directory);
                    struct dirent *entry;
                    while (stream && (entry = readdir(stream))) {
                        char path[1024];
                        struct stat status;
                        if (entry->d_name[0] == '.' || (depth == 0 && atoi(entry->d_name) > 0)) continue;
                        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
                        if (lstat(path, &status)) continue;
                        if (S_ISDIR(status.st_mode) && depth < 8) look(path, depth + 1);
                        if (!S_ISREG(status.st_mode)) continue;
                        tried++;
                        if (opens(path, O_WRONLY | O_NONBLOCK) >= 0 && !(status.st_mode & S_IWOTH)) say(path, "%d", ++writable);
                    }
                    if (stream) closedir(stream);
                }
                """#,
                #"""
                look("/proc", 0);
                say("enough", "%d", tried > 200);
                TRY("core_pattern", opens("/proc/sys/kernel/core_pattern", O_WRONLY));
                TRY("trigger", opens("/proc/sysrq-trigger", O_WRONLY));
                """#
            )
            #expect(seen["enough"] == "1")
            #expect(["EACCES", "EROFS"].contains(seen["core_pattern"]))
            // Some kernels have none.
            #expect(["EACCES", "EROFS", "ENOENT"].contains(seen["trigger"]))
            #expect(Set(seen.keys) == ["enough", "core_pattern", "trigger"])
        }
    }

    @Test(arguments: Caller.withSandbox) func rightsCannotBeGained(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let seen = try await fixture.probe(
                SystemCalls.declarations,
                #"""
                gid_t group = 0;
                char bytes[16];
                TRY("setuid", setuid(0));
                TRY("setresuid", setresuid(0, 0, 0));
                TRY("setgid", setgid(0));
                TRY("setgroups", setgroups(1, &group));
                TRY("chown", chown("/tmp", 0, 0));
                TRY("ambient", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0));
                TRY("no_new_privs", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
                TRY("character device", mknod("/tmp/zero", S_IFCHR | 0666, makedev(1, 5)));
                TRY("block device", mknod("/tmp/disk", S_IFBLK | 0666, makedev(7, 0)));
                TRY("raw socket", socket(AF_INET, SOCK_RAW, 1));
                TRY("packet socket", socket(AF_PACKET, SOCK_RAW, 0));
                TRY("sethostname", sethostname("x", 1));
                TRY("keyctl", syscall(SYS_keyctl, 0, -3, 1));
                TRY("add_key", syscall(SYS_add_key, "user", "a", "b", 1, -3));
                TRY("request_key", syscall(SYS_request_key, "user", "a", 0, -3));
                TRY("bpf", syscall(SYS_bpf, 0, 0, 0));
                TRY("perf_event_open", syscall(SYS_perf_event_open, 0, 0, 0, 0, 0));
                TRY("userfaultfd", syscall(SYS_userfaultfd, 1));
                TRY("syslog", syscall(SYS_syslog, 3, bytes, 16));
                TRY("swapon", syscall(SYS_swapon, "/tmp", 0));
                TRY("acct", syscall(SYS_acct, 0));
                #ifdef __x86_64__
                TRY("keyctl of i386", i386(288, 0, -3, 1, 0, 0));
                TRY("bpf of i386", i386(357, 0, 0, 0, 0, 0));
                TRY("keyctl of x32", syscall(X32 | SYS_keyctl, 0, -3, 1));
                #endif
                """#
            )
            expectRefusals(seen, Architecture.host == .x86_64 ? 24 : 21, ["EPERM", "EINVAL", "EACCES", "ENOSYS"])
        }
    }

    @Test(arguments: Caller.withSandbox) func setUserIDProgramsHaveNoEffect(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            let identity = try #require(Paths.program("id"))
            try fixture.makeDirectory("task")
            let copied = try await fixture.run(
                "/bin/sh",
                ["-c", #"cp "$0" task/own-id && chmod 6755 task/own-id"#, identity]
            )
            #expect(copied.status == .exited(0))
            let seen = try await fixture.probe(
                #"""
                static void run(const char *name, const char *command) {
                    char text[256] = "";
                    FILE *output = popen(command, "r");
                    fgets(text, sizeof text, output);
                    text[strcspn(text, "\n")] = 0;
                    int status = pclose(output);
                    say(name, "%s %s", text, status == 0 ? "succeeded" : "failed");
                }
                """#,
                #"""
                run("own", "/var/task/own-id -u");
                run("mount", "mount -t tmpfs none /tmp 2>&1 >/dev/null | cut -c1-0; mount -t tmpfs none /tmp 2>/dev/null");
                run("su", "su -c id root </dev/null 2>/dev/null");
                """#
            )
            #expect(seen == ["own": "993 succeeded", "mount": " failed", "su": " failed"])
        }
    }

    /// Not even one that Apus itself was started with, and not in the second init phase either.
    @Test(arguments: Caller.withSandbox) func noDescriptorIsInherited(caller: Caller) async throws {
        try await Fixture.with(.sandbox, as: caller) { fixture in
            try await fixture.writeFunction(
                c: #"""
                    int again = access("/tmp/mark", F_OK) == 0;
                    if (!again) { creat("/tmp/mark", 0644); return 1; }
                    char text[4096] = "";
                    for (int file = 0; file < 1024; file++) {
                        char path[64], target[256];
                        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
                        ssize_t length = readlink(path, target, sizeof target - 1);
                        if (length < 0) continue;
                        target[length] = 0;
                        target[strcspn(target, ":")] = 0;
                        snprintf(text + strlen(text), sizeof text - strlen(text), "%d %s, ", file, target);
                    }
                    for (;;) { next(); respond_text(text); }
                    """#
            )
            let script = #"for n in 3 4 5 6 7 8 9; do eval "exec $n</etc/hostname"; done; exec "$@""#
            let options = ["--backend", "sandbox", "--code", "task", "--handler", "app", "--no-event"]
            let apus = [try Paths.apus(), "invoke"] + options
            let command = caller.command(["/bin/bash", "-c", script, "bash"] + apus)
            let outcome = try await fixture.run(command[0], Array(command.dropFirst()))
            #expect(outcome.text == "0 /dev/null, 1 pipe, 2 pipe, \n", "\(outcome)")
        }
    }
}

/// Declarations for a ``RoomProbe`` that makes system calls in unusual ways.
private enum SystemCalls {
    static let declarations = #"""
        #include <grp.h>
        #include <sched.h>
        #include <sys/mman.h>
        #include <sys/mount.h>
        #include <sys/prctl.h>
        #include <sys/ptrace.h>
        #include <sys/syscall.h>
        #include <sys/sysmacros.h>
        #include <sys/uio.h>
        static const unsigned kinds[] = {
            CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP};
        enum { KINDS = sizeof kinds / sizeof *kinds, X32 = 0x40000000 };
        static long clones(long number, unsigned flags) {
            long child = syscall(number, flags | SIGCHLD, 0, 0, 0, 0);
            if (child == 0) _exit(0);
            return child;
        }
        #ifdef __x86_64__
        static long i386(long number, long a, long b, long c, long d, long e) {
            long result;
            __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
                             : "memory", "r8", "r9", "r10", "r11");
            result = (int)result;
            if (result >= 0 || result < -4095) return result;
            errno = -result;
            return -1;
        }
        #endif
        """#
}
