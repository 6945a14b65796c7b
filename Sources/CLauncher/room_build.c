#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LARGEST_COPY = 4 << 20, LOOP_ATTEMPTS = 64 };

/// struct mount_attr of Linux 5.12, which older headers lack.
struct attributes {
    uint64_t set, clear, propagation, user_namespace;
};

enum { READ_ONLY = 1, NO_SET_USER_ID = 2, NO_DEVICES = 4, NO_EXECUTION = 8 };

#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

static const struct apus_room *building;
static const char *sources[APUS_MAXIMUM_SOURCES];
static int source_count;

/// The place of a target while the root is not the root yet. Only paths that were made here are in it: a function's
/// files come with the mounts, below which nothing is made but what Apus itself has prepared.
static const char *place_of(const char *target) {
    static char path[4096];
    int length = snprintf(path, sizeof path, "%s%s", building->base, target);
    return length > 0 && (size_t)length < sizeof path ? path : NULL;
}

static int set_attributes(const char *path, uint64_t set, unsigned flags) {
    struct attributes attributes = {.set = set};
    return syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes) == 0 ? 0 : errno;
}

// MARK: Files

static int write_file(const char *path, const char *text, size_t length) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) return errno;
    ssize_t count = write(file, text, length);
    int error = count < 0 ? errno : (size_t)count < length ? ENOSPC : 0;
    close(file);
    return error;
}

static int copy_file(const char *source, const char *path) {
    int file = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (file < 0) return errno == ENOENT || errno == EACCES ? 0 : errno;
    int error = fstat(file, &status) != 0 ? errno : !S_ISREG(status.st_mode) || status.st_size > LARGEST_COPY ? EFBIG : 0;
    char *bytes = error == 0 ? malloc((size_t)status.st_size + 1) : NULL;
    if (error == 0 && bytes == NULL) error = ENOMEM;
    if (error == 0) {
        ssize_t count = read(file, bytes, (size_t)status.st_size);
        error = count < 0 ? errno : write_file(path, bytes, (size_t)count);
    }
    free(bytes);
    close(file);
    return error;
}

/// What a mount needs to have been there before. EEXIST is for the target that lies in a mount.
static int make_mount_point(const char *source, const char *path) {
    struct stat status;
    if (stat(source, &status) != 0) return errno;
    if (S_ISDIR(status.st_mode)) return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : errno;
    int error = write_file(path, "", 0);
    return error == EEXIST ? 0 : error;
}

// MARK: Mounts

static int bind(const char *source, const char *path, uint64_t attributes) {
    int error = make_mount_point(source, path);
    if (error != 0) return error;
    // With what is mounted below it: in a user namespace the one cannot be had without the other.
    if (mount(source, path, NULL, MS_BIND | MS_REC, NULL) != 0) return errno;
    return set_attributes(path, attributes, AT_RECURSIVE);
}

/// The directories are named by descriptors, so that no character of a path has a meaning, and none is too long.
static int overlay(const char *path) {
    char options[APUS_MAXIMUM_SOURCES * 24 + 16] = "lowerdir=";
    int descriptors[APUS_MAXIMUM_SOURCES], error = 0, opened = 0;
    for (; opened < source_count && error == 0; opened++) {
        const char *directory = sources[opened][0] ? sources[opened] : path;  // nothing is mounted there yet
        descriptors[opened] = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (descriptors[opened] < 0) {
            error = errno;
            break;
        }
        size_t length = strlen(options);
        snprintf(options + length, sizeof options - length, "%s/proc/self/fd/%d", opened ? ":" : "", descriptors[opened]);
    }
    unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV;
    if (error == 0 && mount("overlay", path, "overlay", flags, options) != 0) error = errno;
    while (opened > 0) close(descriptors[--opened]);
    return error;
}

static int mount_overlay(const char *path) {
    if (source_count < 2) return EINVAL;
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return errno;
    return overlay(path);
}

/// What has been made so far lies over the source, so that the mount points are there.
static int mount_root(void) {
    if (source_count != 1) return EINVAL;
    sources[1] = sources[0];
    sources[0] = building->base;
    source_count = 2;
    return overlay(building->base);
}

static int mount_memory_disk(const char *options, const char *path) {
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return errno;
    return mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0 ? 0 : errno;
}

enum { DEVICE_PATH = 32 };

/// Gives a file a loop device, which the kernel takes away again with its last use: the caller closes the descriptor
/// that is returned when the device is mounted. A negative errno otherwise.
static int attach_loop(int file, char path[DEVICE_PATH]) {
    int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    if (control < 0) return -errno;
    int result = -EBUSY;
    // Another environment may be faster with the free number.
    for (int attempt = 0; attempt < LOOP_ATTEMPTS && result == -EBUSY; attempt++) {
        int number = ioctl(control, LOOP_CTL_GET_FREE);
        if (number < 0) {
            result = -errno;
            break;
        }
        snprintf(path, DEVICE_PATH, "/dev/loop%d", number);
        int device = open(path, O_RDWR | O_CLOEXEC);
        struct loop_config configuration = {.fd = (unsigned)file, .info.lo_flags = LO_FLAGS_AUTOCLEAR};
        if (device < 0) result = -errno;
        else if (ioctl(device, LOOP_CONFIGURE, &configuration) != 0) result = -errno;
        else return close(control), device;
        if (device >= 0) close(device);
    }
    close(control);
    return result;
}

static int mount_disk(const char *source, const char *path) {
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return errno;
    int file = open(source, O_RDWR | O_CLOEXEC);
    if (file < 0) return errno;
    char name[DEVICE_PATH];
    int device = attach_loop(file, name);
    close(file);
    if (device < 0) return -device;
    int error = mount(name, path, "ext4", MS_NOSUID | MS_NODEV | MS_NOATIME, "discard") == 0 ? 0 : errno;
    close(device);
    if (error != 0) return error;
    char lost[4200];
    snprintf(lost, sizeof lost, "%s/lost+found", path);
    rmdir(lost);
    return chmod(path, 01777) == 0 ? 0 : errno;
}

static int make_read_only(const char *path) {
    if (mount(path, path, NULL, MS_BIND | MS_REC, NULL) != 0) return errno;
    return set_attributes(path, READ_ONLY, AT_RECURSIVE);
}

/// All of /proc that is not about processes and could be written to.
static int protect_settings(const char *processes) {
    DIR *directory = opendir(processes);
    if (directory == NULL) return errno;
    int error = 0;
    struct dirent *entry;
    while (error == 0 && (entry = readdir(directory)) != NULL) {
        char path[4096];
        struct stat status;
        if (entry->d_name[0] == '.' || (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')) continue;
        int length = snprintf(path, sizeof path, "%s/%s", processes, entry->d_name);
        if (length < 0 || (size_t)length >= sizeof path || lstat(path, &status) != 0) continue;
        bool is_setting = S_ISDIR(status.st_mode) || (S_ISREG(status.st_mode) && (status.st_mode & 0222) != 0);
        if (is_setting) error = make_read_only(path);
    }
    closedir(directory);
    return error;
}

int apus_room_mount_processes(const struct apus_room *room, const char *path) {
    if (mount("proc", path, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) return errno;
    // For the kernel's settings, root of the machine is root in any user namespace.
    return room->has_user_namespace && room->outer_user.user == 0 ? protect_settings(path) : 0;
}

static int mount_processes(const char *path) {
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return errno;
    return apus_room_mount_processes(building, path);
}

// MARK: Entries

/// Returns an errno.
static int add(char kind, const char *target) {
    const char *path = place_of(target);
    const char *source = source_count > 0 ? sources[0] : "";
    if (path == NULL) return ENAMETOOLONG;
    switch (kind) {
    case APUS_ROOM_DIRECTORY: return mkdir(path, 0755) == 0 ? 0 : errno;
    case APUS_ROOM_BIND: return bind(source, path, READ_ONLY | NO_SET_USER_ID | NO_DEVICES);
    // Read-only is the node, its mode and owner; what is written to the device passes.
    case APUS_ROOM_DEVICE: return bind(source, path, READ_ONLY | NO_SET_USER_ID | NO_EXECUTION);
    case APUS_ROOM_LINK: return symlink(source, path) == 0 ? 0 : errno;
    case APUS_ROOM_COPY: return copy_file(source, path);
    case APUS_ROOM_TEXT: return write_file(path, source, strlen(source));
    case APUS_ROOM_OVERLAY: return mount_overlay(path);
    case APUS_ROOM_ROOT: return mount_root();
    case APUS_ROOM_MEMORY_DISK: return mount_memory_disk(source, path);
    case APUS_ROOM_DISK: return mount_disk(source, path);
    case APUS_ROOM_PROCESSES_FILES: return mount_processes(path);
    default: return 0;  // no part of the file system
    }
}

static void begin(void) {
    // Nothing that is mounted here is to be seen outside.
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("tmpfs", building->base, "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,nr_inodes=4096,mode=755") != 0)
        apus_room_fail(APUS_ROOM_STEP_ROOT, errno);
}

/// The old root goes: with it, everything of this machine that no entry has named.
static void change_root(void) {
    if (chdir(building->base) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0
        || chdir("/") != 0)
        apus_room_fail(APUS_ROOM_STEP_ROOT, errno);
    int error = set_attributes("/", READ_ONLY, 0);
    if (error != 0) apus_room_fail(APUS_ROOM_STEP_ROOT, error);
}

void apus_room_build(const struct apus_room *room) {
    building = room;
    umask(0);
    begin();
    for (int index = 0; index < room->entry_count; index++) {
        const char *entry = room->entries[index];
        if (entry[0] == APUS_ROOM_SOURCE) {
            if (source_count == APUS_MAXIMUM_SOURCES) apus_room_fail(index, E2BIG);
            sources[source_count++] = entry + 1;
            continue;
        }
        int error = add(entry[0], entry + 1);
        if (error != 0) apus_room_fail(index, error);
        source_count = 0;
    }
    change_root();
    umask(022);
}

#endif
