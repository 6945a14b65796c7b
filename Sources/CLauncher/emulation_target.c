#define _GNU_SOURCE
#include "emulation.h"

#ifdef __linux__

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PREFIX_SIZE = 256,     // how far execve looks into a file (BINPRM_BUF_SIZE)
    MAXIMUM_SCRIPTS = 5,   // interpreters of interpreters, as the kernel counts
};

#if defined(__x86_64__)
#define NATIVE_MACHINE EM_X86_64
#else
#define NATIVE_MACHINE EM_AARCH64
#endif

/// The text's copy in the target; NULL when there is no room, which execve calls E2BIG.
static char *keep(struct apus_exec_target *target, const char *text, size_t length) {
    if (length >= sizeof target->words - target->words_used) return NULL;
    char *copy = target->words + target->words_used;
    memcpy(copy, text, length);
    copy[length] = 0;
    target->words_used += length + 1;
    return copy;
}

/// Opens what the path means in that process: its root, its directories, its /proc/self.
static int open_in_process(pid_t process, int directory, const char *path, int flags) {
    static const char own[] = "/proc/self/", thread[] = "/proc/thread-self/";
    char full[PATH_MAX + 64];
    int length;
    if (strncmp(path, own, sizeof own - 1) == 0)
        length = snprintf(full, sizeof full, "/proc/%d/%s", (int)process, path + sizeof own - 1);
    else if (strncmp(path, thread, sizeof thread - 1) == 0)
        length = snprintf(full, sizeof full, "/proc/%d/%s", (int)process, path + sizeof thread - 1);
    else if (strncmp(path, "/dev/fd/", 8) == 0)
        length = snprintf(full, sizeof full, "/proc/%d/fd/%s", (int)process, path + 8);
    else if (path[0] == '/')
        length = snprintf(full, sizeof full, "/proc/%d/root%s", (int)process, path);
    else if (directory == AT_FDCWD)
        length = snprintf(full, sizeof full, "/proc/%d/cwd/%s", (int)process, path);
    else if (path[0] == 0)
        length = snprintf(full, sizeof full, "/proc/%d/fd/%d", (int)process, directory);
    else
        length = snprintf(full, sizeof full, "/proc/%d/fd/%d/%s", (int)process, directory, path);
    if (length < 0 || (size_t)length >= sizeof full) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(full, flags | O_CLOEXEC);
}

/// A descriptor of the file, or a negative errno: what execve would say before it reads the file.
static int open_program(pid_t process, int directory, const char *path, bool follow) {
    // A path alone first: opening a FIFO or a device for reading would do something to it.
    int found = open_in_process(process, directory, path, O_PATH | (follow ? 0 : O_NOFOLLOW));
    if (found < 0) return -errno;
    struct stat status;
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", found);
    int result;
    if (fstat(found, &status) != 0) result = -errno;
    else if (S_ISLNK(status.st_mode)) result = -ELOOP;
    else if (!S_ISREG(status.st_mode)) result = -EACCES;
    else if (access(self, X_OK) != 0) result = -errno;
    else if ((result = open(self, O_RDONLY | O_CLOEXEC)) < 0) result = -errno;
    close(found);
    return result;
}

/// The file's own name, for what has none that the emulator could open, and for the guarded directories.
static bool real_name(int file, char *name, size_t size) {
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", file);
    ssize_t length = readlink(self, name, size - 1);
    if (length <= 0) return false;
    name[length] = 0;
    return true;
}

static bool is_guarded(const struct apus_emulation *emulation, const char *name) {
    for (int index = 0; index < emulation->guarded_count; index++) {
        size_t length = strlen(emulation->guarded[index]);
        if (strncmp(name, emulation->guarded[index], length) == 0 && (name[length] == '/' || name[length] == 0))
            return true;
    }
    return false;
}

/// execve answers ENOENT when the dynamic loader is missing; the emulator would only print so.
static int check_loader(const struct apus_emulation *emulation, pid_t process, int file, const Elf64_Ehdr *header) {
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0) return ENOEXEC;
    for (unsigned index = 0; index < header->e_phnum; index++) {
        Elf64_Phdr segment;
        off_t offset = (off_t)(header->e_phoff + (uint64_t)index * sizeof segment);
        if (offset < 0 || pread(file, &segment, sizeof segment, offset) != sizeof segment) return ENOEXEC;
        if (segment.p_type != PT_INTERP) continue;
        char loader[PATH_MAX];
        if (segment.p_filesz < 2 || segment.p_filesz > sizeof loader) return ENOEXEC;
        if (pread(file, loader, segment.p_filesz, (off_t)segment.p_offset) != (ssize_t)segment.p_filesz) return ENOEXEC;
        if (loader[segment.p_filesz - 1] != 0) return ENOEXEC;
        if (emulation->prefix != NULL) {
            char prefixed[2 * PATH_MAX];
            snprintf(prefixed, sizeof prefixed, "%s%s", emulation->prefix, loader);
            if (access(prefixed, F_OK) == 0) return 0;
        }
        int found = open_in_process(process, AT_FDCWD, loader, O_PATH);
        if (found < 0) return errno;
        close(found);
        return 0;
    }
    return 0;
}

static void resolve_elf(const struct apus_emulation *emulation, pid_t process, int file, const char *name,
                        struct apus_exec_target *target) {
    Elf64_Ehdr header;
    target->error = ENOEXEC;
    if (pread(file, &header, sizeof header, 0) != sizeof header) return;
    // A 32-bit program could run natively only.
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) return;
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN) return;
    if (strcmp(name, emulation->emulator) == 0) {
        target->native = true;
        target->error = 0;
    } else if (header.e_machine == emulation->machine) {
        target->error = check_loader(emulation, process, file, &header);
    } else if (header.e_machine == NATIVE_MACHINE && !is_guarded(emulation, name)) {
        target->native = true;  // a tool of this machine, in an environment of the other architecture
        target->error = 0;
    }
}

/// The interpreter of a script and the one argument that the first line may hold, taken as Linux takes them.
/// False when there is none.
static bool read_shebang(char *line, char **interpreter, char **argument) {
    line[strcspn(line, "\n")] = 0;
    char *start = line + 2 + strspn(line + 2, " \t");
    char *end = start + strcspn(start, " \t");
    if (start == end) return false;
    *interpreter = start;
    *argument = end + strspn(end, " \t");
    size_t length = strlen(*argument);
    while (length > 0 && ((*argument)[length - 1] == ' ' || (*argument)[length - 1] == '\t')) (*argument)[--length] = 0;
    *end = 0;
    return true;
}

static bool insert_front(struct apus_exec_target *target, const char *text) {
    if (target->script_argument_count == APUS_MAXIMUM_SCRIPT_ARGUMENTS) return false;
    char *copy = keep(target, text, strlen(text));
    if (copy == NULL) return false;
    memmove(target->script_arguments + 1, target->script_arguments,
            (size_t)target->script_argument_count * sizeof(char *));
    target->script_arguments[0] = copy;
    target->script_argument_count++;
    return true;
}

/// One level of scripts: `path` becomes an argument of the interpreter, which takes its place.
static int enter_script(struct apus_exec_target *target, char *line, char path[PATH_MAX]) {
    char *interpreter, *argument;
    if (!read_shebang(line, &interpreter, &argument)) return ENOEXEC;
    if (!insert_front(target, path) || (argument[0] && !insert_front(target, argument))) return E2BIG;
    target->first_argument = keep(target, interpreter, strlen(interpreter));
    if (target->first_argument == NULL) return E2BIG;
    snprintf(path, PATH_MAX, "%s", interpreter);
    return 0;
}

/// Whether a path leads to a process's own program (/proc/self/exe, /proc/12/exe, /proc/self/task/12/exe), which under
/// an emulator is the emulator.
static bool is_own_program(const char *path, pid_t process, pid_t *owner) {
    size_t length = strlen(path);
    if (strncmp(path, "/proc/", 6) != 0 || length < 10 || strcmp(path + length - 4, "/exe") != 0) return false;
    int id;
    *owner = sscanf(path, "/proc/%d/", &id) == 1 ? id : process;
    return true;
}

static bool is_descriptor_path(const char *path) {
    if (strncmp(path, "/dev/fd/", 8) == 0) return true;
    return strncmp(path, "/proc/", 6) == 0 && strstr(path, "/fd/") != NULL;
}

/// Keeps the file open here, for what has no name in the file system (memfd_create, a deleted file) and whose
/// descriptor in the process may close at the exec; the last eight of them, which is longer than an exec takes.
static int lend(int file, char *path, size_t size) {
    static int lent[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
    static unsigned next;
    int *place = &lent[next++ % 8];
    if (*place >= 0) close(*place);
    *place = fcntl(file, F_DUPFD_CLOEXEC, APUS_FIRST_FREE_DESCRIPTOR);
    if (*place < 0) return errno;
    snprintf(path, size, "/proc/%d/fd/%d", (int)getpid(), *place);
    return 0;
}

/// Fills `program` with a path that the emulator can open after the exec. The descriptor of a path like /proc/self/fd/5
/// may close at the exec, and a relative path would mean nothing to /proc/self/exe after a chdir.
static int name_program(pid_t process, int directory, const char *path, int file, struct apus_exec_target *target) {
    char name[PATH_MAX], link[64];
    struct stat opened, named;
    size_t size = sizeof target->program;
    bool has_directory = directory != AT_FDCWD && path[0] != '/';
    if (has_directory || is_descriptor_path(path)) {
        bool usable = real_name(file, name, sizeof name) && fstat(file, &opened) == 0 && stat(name, &named) == 0
            && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
        if (!usable) return lend(file, target->program, size);
        snprintf(target->program, size, "%s", name);
        return 0;
    }
    if (path[0] == '/') {
        snprintf(target->program, size, "%s", path);
        return 0;
    }
    snprintf(link, sizeof link, "/proc/%d/cwd", (int)process);
    ssize_t length = readlink(link, name, sizeof name - 1);
    name[length > 0 ? length : 0] = 0;
    // A directory that was removed has no name.
    int written = snprintf(target->program, size, "%s%s%s", name[0] == '/' ? name : ".", "/", path);
    return written > 0 && (size_t)written < size ? 0 : ENAMETOOLONG;
}

/// One file: 0 and done, an errno, or -1 for a script whose interpreter comes next.
static int examine(const struct apus_emulation *emulation, pid_t process, int directory, char path[PATH_MAX], int file,
                   struct apus_exec_target *target) {
    char start[PREFIX_SIZE + 1], name[PATH_MAX] = "";
    ssize_t count = pread(file, start, PREFIX_SIZE, 0);
    if (count < 2) return ENOEXEC;
    start[count] = 0;
    if (start[0] == '#' && start[1] == '!') {
        int error = enter_script(target, start, path);
        return error ? error : -1;
    }
    if (memcmp(start, ELFMAG, count < SELFMAG ? (size_t)count : SELFMAG) != 0) return ENOEXEC;
    real_name(file, name, sizeof name);
    resolve_elf(emulation, process, file, name, target);
    if (target->error != 0 || target->native) return target->error;
    return name_program(process, directory, path, file, target);
}

void apus_exec_resolve(const struct apus_emulation *emulation, pid_t process, int directory, const char *given,
                       bool follow, struct apus_exec_target *target) {
    memset(target, 0, offsetof(struct apus_exec_target, words));
    target->words_used = 0;
    char path[PATH_MAX];
    pid_t owner;
    snprintf(path, sizeof path, "%s", given);
    if (is_own_program(given, process, &owner)) apus_emulated_program(emulation, owner, path, sizeof path);

    for (int level = 0; level <= MAXIMUM_SCRIPTS; level++) {
        int file = open_program(process, directory, path, follow);
        if (file < 0) {
            target->error = -file;
            return;
        }
        int result = examine(emulation, process, directory, path, file, target);
        close(file);
        if (result >= 0) {
            target->error = result;
            return;
        }
        directory = AT_FDCWD;
        follow = true;
    }
    target->error = ELOOP;
}

#endif
