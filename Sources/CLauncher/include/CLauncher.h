#ifndef APUS_CLAUNCHER_H
#define APUS_CLAUNCHER_H

// The launcher and the janitor are the small program apus-launcher, or else this same executable, started under another
// argv[0]. A constructor (see takeover.c) sees the name and never lets the program's own main run. Whatever links this
// target can start them.

#include "CrashMessage.h"
#include "RoomEntries.h"

#include <stdint.h>
#include <sys/types.h>

/// argv[0] of the init, reaper and death watch of one execution environment.
#define APUS_LAUNCHER_NAME "apus-launcher"
/// argv[0] of the process that removes a temporary directory when Apus is gone.
#define APUS_JANITOR_NAME "apus-janitor"

/// Descriptors of both, whatever numbers they had in the parent.
enum {
    APUS_CONTROL_DESCRIPTOR = 3,  // socket, commands; end of file means that Apus is gone
    APUS_STATUS_DESCRIPTOR = 4,   // pipe, messages (launcher only)
    APUS_EXTENSION_OUTPUT_DESCRIPTOR = 5,  // pipe, standard output and error of extensions (launcher with extensions)
    APUS_USER_NAMESPACE_DESCRIPTOR = 6,   // of a room that exists already (see RoomEntries.h)
    APUS_MOUNT_NAMESPACE_DESCRIPTOR = 7,
    APUS_FIRST_FREE_DESCRIPTOR = 8,
};

/// Lambda allows a function ten external extensions.
enum { APUS_MAXIMUM_EXTENSIONS = 10 };

/// What the launcher is to run comes in its environment strings, each with one of these characters in front, so that
/// no variable of the function (LD_PRELOAD, LD_LIBRARY_PATH) means anything to the launcher's own dynamic linker and
/// none is readable in its command line. First come those of the main child. With extensions the launcher starts
/// nothing by itself; without one it starts the main child at once.
enum {
    APUS_ENTRY_DIRECTORY = ':',   // one a child: the working directory (janitor: the directory to remove)
    APUS_ENTRY_EXECUTABLE = '!',  // one a child: the file for execve
    APUS_ENTRY_ARGUMENT = '>',    // one each, argv[0] first
    APUS_ENTRY_VARIABLE = '=',    // one each, KEY=VALUE
    APUS_ENTRY_EXTENSION = '+',   // without text: the four kinds above are of the next extension from here on
    APUS_ENTRY_CLEANUP = '~',     // at most one, without text, in no room: from here on the same four of the command that
                                  // removes what would outlive the children; it runs at the end, in whatever way that comes
    APUS_ENTRY_EMULATION = '%',   // one each, with one of APUS_EMULATION_… as first character: run on an emulated CPU
    APUS_ENTRY_TRACE = '@',       // at most one, without text: look at crashes (Linux, natively run programs)
    APUS_ENTRY_ROOM = '#',        // one each, with one of APUS_ROOM_… as first character: run apart from this machine
};

/// The parts of an emulation (Linux). All but the prefix and the guarded directories are needed.
enum {
    APUS_EMULATION_PROGRAM = 'p',   // absolute path of qemu-user, without symbolic links
    APUS_EMULATION_CPU = 'c',       // the value of its option -cpu
    APUS_EMULATION_MODEL = 'm',     // the name of that CPU in crash facts
    APUS_EMULATION_PREFIX = 'l',    // the value of its option -L: where the architecture's libraries are
    APUS_EMULATION_MACHINE = 'e',   // decimal: e_machine of the ELF files to emulate
    APUS_EMULATION_GUARDED = 'g',   // up to 16: a directory whose programs must never run natively
};

/// The errno of APUS_MESSAGE_EXEC_FAILED, none of Linux, where this machine does not let the launcher trace processes
/// or install a filter, so that children could run natively.
enum { APUS_EMULATION_NOT_PERMITTED = 4200 };

/// One byte each on the control descriptor. Unknown bytes are ignored, as is what is asked of a child that does not
/// run.
enum {
    APUS_COMMAND_TERMINATE = 'T',  // SIGTERM to the main child and its process group
    APUS_COMMAND_KILL = 'K',       // SIGKILL to every descendant, and the end of the environment
    APUS_COMMAND_STOP = 'S',       // SIGSTOP to every descendant
    APUS_COMMAND_CONTINUE = 'C',   // SIGCONT to every descendant
    APUS_COMMAND_START_EXTENSIONS = 'E',  // one after the other, in the order of the entries
    APUS_COMMAND_START_MAIN = 'M',        // after what was to be started before
    APUS_COMMAND_SOCKET = 'N',     // in a room with a network of its own: a new socket of it is sent back
    APUS_COMMAND_KILL_CHILD = 0x80,       // plus the child's number: SIGKILL to it and its process group
};

enum {
    APUS_MESSAGE_STARTED = 0x41505501,      // value: the process id
    APUS_MESSAGE_EXEC_FAILED = 0x41505502,  // value: the errno
    APUS_MESSAGE_EXITED = 0x41505503,       // value: the raw wait status; the child's process group has been killed
    APUS_MESSAGE_CRASHED = 0x41505504,      // value: the size of the payload that follows; see CrashMessage.h
    APUS_MESSAGE_ROOM_FAILED = 0x41505505,  // value: the errno; child: see enum apus_room_step. Nothing is started
    APUS_MESSAGE_ROOM_READY = 0x41505506,   // the room's descriptors wait on the control socket
    APUS_MESSAGE_OUT_OF_MEMORY = 0x41505507,  // a process is killed for it; comes before its exit, if it is a child
};

/// One message on the status pipe, in the machine's byte order; written at once, so never torn.
struct apus_launcher_message {
    uint32_t kind;
    int32_t child;              // 0: the main one, else the number of the extension, from 1 on; -1: another process
    int32_t value;
    uint32_t reserved;
    uint64_t peak_bytes;        // exited: ru_maxrss in bytes; out of memory: what all processes hold
    uint64_t cpu_microseconds;  // exited: user and system time
    uint64_t wanted_bytes;      // out of memory: what the process has asked for (its data and stack), 0: not known
};

/// A pipe whose reading end (0) does not block, and a connected pair of stream sockets. Close-on-exec, and at least
/// APUS_FIRST_FREE_DESCRIPTOR, so that moving one to its number in the launcher never overwrites another. Returns 0 or
/// an errno.
int apus_pipe(int ends[2]);
int apus_socket_pair(int ends[2]);

/// Sends one byte without blocking and without SIGPIPE. It is lost if the launcher leaves too many unread: on Linux the
/// socket takes 278.
void apus_send_command(int control, unsigned char command);

/// The caller's descriptors for a new process, all of which must be at least APUS_FIRST_FREE_DESCRIPTOR.
struct apus_spawn_descriptors {
    int control;           // becomes 3
    int status;            // becomes 4; -1: none
    int output;            // becomes 1 and 2; -1: these are /dev/null
    int extension_output;  // becomes 5; -1: none
    int user_namespace;    // becomes 6; -1: none
    int mount_namespace;   // becomes 7; -1: none
};

/// Starts apus-launcher, or this executable again, as `name` in a session of its own. Its descriptor 0 is /dev/null, or
/// an empty pipe in a root that has none. Returns the process id, or a negative errno.
pid_t apus_spawn_self(const char *name, struct apus_spawn_descriptors descriptors, char *const entries[]);

/// Whether a launcher, a child of the caller, has been stopped or is held by a tracer. Its function can do that.
int apus_launcher_is_stopped(pid_t launcher);

/// For such a launcher: kills every descendant of it, as it should have done itself, then the launcher. The caller reaps
/// it afterwards. Without /proc its children die with it, but not what has left them. Takes as long as some walks through
/// /proc (a tenth of a second for thousands of processes), ten seconds at most.
void apus_end_launcher(pid_t launcher);

#endif
