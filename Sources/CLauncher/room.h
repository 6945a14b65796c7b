#ifndef APUS_CLAUNCHER_ROOM_H
#define APUS_CLAUNCHER_ROOM_H

// What a function sees instead of this machine. See RoomEntries.h; isolation rules: user namespaces(7), mount
// namespaces(7), pid namespaces(7), cgroups(7) of the Linux manual.

#include "internal.h"

#include <stdint.h>
#include <sys/select.h>
#include <sys/types.h>

enum { APUS_MAXIMUM_GROUPS = 8, APUS_MAXIMUM_SOURCES = 32 };

enum apus_memory_kind { APUS_MEMORY_UNLIMITED = 0, APUS_MEMORY_GROUP_1, APUS_MEMORY_GROUP_2, APUS_MEMORY_WATCH };

struct apus_user {
    uid_t user;
    gid_t group;
};

/// Made by the entries; the pointers point into the environment strings.
struct apus_room {
    const char *base;
    const char *hostname;
    const char *scratch;
    bool exists;  // it has been made before, and is entered again
    bool has_user;
    struct apus_user user;
    bool has_user_namespace;
    struct apus_user outer_user;
    bool has_network;
    uint16_t port;
    unsigned processes;  // 0: no limit
    bool strict_abi;
    enum apus_memory_kind memory_kind;
    uint64_t memory_bytes;
    int memory_group;  // its number
    int freezer_group;   // its number; -1: none
    int group_count;
    const char **entries;  // all of them, without APUS_ENTRY_ROOM
    int entry_count;
};

/// Takes one more entry. False for what makes no sense.
bool apus_room_entry(struct apus_room *room, const char *entry);

/// Whether all is there that a room needs.
bool apus_room_is_complete(const struct apus_room *room);

/// Becomes the first process of the room, pid 1 of its process namespace, which is the launcher that Apus talks to. The
/// caller stays behind outside, ends when all processes of the room have, and removes the control groups; it does not
/// return. Nor does anyone where the room cannot be made, which has been reported then. `has_extensions`: whether
/// APUS_EXTENSION_OUTPUT_DESCRIPTOR is what its name says.
void apus_room_enter(const struct apus_room *room, bool has_extensions);

/// The room that this process is the first of; NULL outside.
const struct apus_room *apus_own_room(void);

/// Reports that the room cannot be made, and ends this process.
void apus_room_fail(int step, int error) __attribute__((noreturn));

/// Between fork and exec of a child: its control groups, limits, user and rights. Returns an errno.
int apus_room_become_function(const struct apus_room *room, bool is_inside_group);

/// For a child that has become the function, in a user namespace: gives up what it has left of the launcher, all
/// descriptors but the standard ones and these two, and the rights that it would lose by exec, and lets itself be looked
/// at. Returns an errno.
int apus_room_open_to_tracer(int kept, int also_kept);

/// Lets no process of the room use system calls that change namespaces, mounts and the like (room_filter.c).
int apus_room_filter(void);

/// Keeps this process, and all that it starts from now on, from abstract sockets of others, where Linux is new enough.
void apus_room_scope(void);

/// Lets no call of the 32-bit ABI pass, and answers with a signal: everything that this process starts from now on. 0, or an errno.
int apus_strict_abi_begin(void);

/// Makes the file system; afterwards paths lead into the room.
void apus_room_build(const struct apus_room *room);

/// Mounts /proc of the calling process's namespace. Returns an errno.
int apus_room_mount_processes(const struct apus_room *room, const char *path);

/// Makes the control groups and limits, before paths lead into the room.
void apus_groups_make(const struct apus_room *room);
/// As fork, into the group of version 2 where there is one. In the child `*is_inside` tells whether it is there.
pid_t apus_groups_fork(bool *is_inside);
/// Moves the calling process into the groups. Returns an errno.
int apus_groups_join(bool is_inside);
/// Removes them, when no process is left in them.
void apus_groups_remove(void);
/// Opens a file of a group. Negative: an errno.
int apus_group_open(int group, const char *file, int flags);
/// Writes to a file of a group. Returns an errno.
int apus_group_write(int group, const char *file, const char *value);

/// Freezes or thaws all processes but this one by a control group. False where the room has none for that.
bool apus_room_freeze(bool frozen);

/// Gives a network of its own an address, and listens there. The socket, or a negative errno.
int apus_room_listen(const struct apus_room *room);
/// Sends a descriptor to Apus. False if that was not possible.
bool apus_send_descriptor(int descriptor, unsigned char kind);
/// Sends a new TCP socket of the room's network to Apus.
void apus_room_send_socket(void);

// Memory and the strict ABI want to be looked after while processes run.

/// Begins to watch. Returns an errno.
int apus_memory_begin(const struct apus_room *room);
/// Adds what to wait for; lowers `*timeout` (NULL: for ever) to when it wants to be called at the latest.
void apus_room_watch(fd_set *readable, fd_set *exceptional, int *last, struct timespec **timeout, bool is_frozen);
/// Looks after what has happened.
void apus_room_look(const fd_set *readable, const fd_set *exceptional);
/// To be called when a child has been killed by SIGKILL, before that is reported: the kernel may have done it.
void apus_room_child_killed(int child);

#endif
