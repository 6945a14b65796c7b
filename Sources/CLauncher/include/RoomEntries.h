#ifndef APUS_ROOM_ENTRIES_H
#define APUS_ROOM_ENTRIES_H

/// A room is what a function sees instead of this machine: namespaces, a root file system of its own, a user, limits
/// (Linux). These entries describe it to the launcher, each an environment string APUS_ENTRY_ROOM, one of the characters
/// below, and its text. The launcher has no opinion of what belongs in a room: it does what the entries say, in their
/// order, and gives up at the first that fails.
enum {
    APUS_ROOM_BASE = 'r',       // an absolute path that leads to no source: where the new root is put together
    APUS_ROOM_USER = 'u',       // "UID:GID", of everything that is started
    APUS_ROOM_OUTER_USER = 'U', // "UID:GID", the caller's own, who becomes the user above in a user namespace
    APUS_ROOM_HOSTNAME = 'h',
    APUS_ROOM_NETWORK = 'n',    // a network of its own; decimal: a port of its 127.0.0.1 to listen on
    APUS_ROOM_PROCESSES = 'p',  // decimal: RLIMIT_NPROC
    APUS_ROOM_EXISTS = 'a',     // without text: made before; the descriptors of its namespaces are given
    APUS_ROOM_STRICT_ABI = 's', // without text: a system call of the 32-bit ABI ends in SIGSEGV

    // The parts of the file system. A target is an absolute path in the room, whose directory exists there already.
    APUS_ROOM_SOURCE = '<',     // a source of the next target below: a path on this machine, or a text
    APUS_ROOM_DIRECTORY = 'd',  // makes a directory
    APUS_ROOM_BIND = 'b',       // the source, a directory or file, read-only
    APUS_ROOM_DEVICE = 'v',     // the source, a device
    APUS_ROOM_LINK = 'l',       // a symbolic link with the source as text
    APUS_ROOM_COPY = 'c',       // a copy of the source, a small file; nothing if there is none
    APUS_ROOM_TEXT = 't',       // a file that holds the source as text
    APUS_ROOM_OVERLAY = 'o',    // all sources, directories, over each other, the first one on top; read-only. A source
                                // without text is an empty directory
    APUS_ROOM_ROOT = 'R',       // the source below what has been made so far, as the root; read-only. Target: /
    APUS_ROOM_MEMORY_DISK = 'm',  // a tmpfs with the source as options, writable
    APUS_ROOM_DISK = 'k',         // the source, a file with an ext4 file system, on a loop device, writable
    APUS_ROOM_PROCESSES_FILES = 'q',  // /proc

    // Control groups: a directory that is made, is joined by every process and is removed at the end.
    APUS_ROOM_GROUP_1 = 'g',      // its path, below a mount of cgroup version 1
    APUS_ROOM_GROUP_2 = 'G',      // the same of version 2, at most one; the main child and the extensions are born in it
    APUS_ROOM_GROUP_VALUE = '=',  // "FILE=VALUE", written to a file of the last group
    APUS_ROOM_GROUP_WISH = '?',   // the same, where there is such a file
    APUS_ROOM_FREEZER = 'f',      // without text: the last group, of version 2, can freeze

    // Memory: decimal bytes. At most one of them.
    APUS_ROOM_MEMORY_GROUP_1 = '1',  // kept by the last group, of version 1
    APUS_ROOM_MEMORY_GROUP_2 = '2',  // kept by the last group, of version 2
    APUS_ROOM_MEMORY_WATCH = '3',    // kept by looking at the processes again and again
    APUS_ROOM_SCRATCH = 'x',         // the target that is a tmpfs: what lies there does not count as memory
};

/// Where a room has failed: an entry by its number among those of the room, or one of these.
enum apus_room_step {
    APUS_ROOM_STEP_ENTRIES = -1,     // they make no sense
    APUS_ROOM_STEP_NAMESPACES = -2,
    APUS_ROOM_STEP_USER = -3,        // the user namespace's map
    APUS_ROOM_STEP_ROOT = -4,        // changing to the new root
    APUS_ROOM_STEP_PROC = -5,        // /proc of a room that is entered again
    APUS_ROOM_STEP_NETWORK = -6,
    APUS_ROOM_STEP_ABI = -7,
    APUS_ROOM_STEP_MEMORY = -8,
};

/// What waits on the control socket when APUS_MESSAGE_ROOM_READY has come, each as SCM_RIGHTS with this byte: the mount
/// namespace always, the others where the room has them.
enum {
    APUS_ROOM_SENDS_MOUNTS = 'm',
    APUS_ROOM_SENDS_USER = 'u',
    APUS_ROOM_SENDS_LISTENER = 'l',
    APUS_ROOM_SENDS_SOCKET = 's',  // for APUS_COMMAND_SOCKET
};

/// Takes the next descriptor from a control socket, close-on-exec and at least APUS_FIRST_FREE_DESCRIPTOR, and its byte.
/// Waits so many milliseconds at most. Returns the descriptor, or a negative errno.
int apus_receive_descriptor(int control, unsigned char *kind, int patience);

/// Connects a TCP socket to a port of 127.0.0.1 in the socket's own network. Waits a second at most. 0, or an errno.
int apus_connect_loopback(int socket, unsigned short port);

#endif
