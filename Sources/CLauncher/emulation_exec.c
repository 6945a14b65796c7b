#define _GNU_SOURCE
#include "emulation.h"

#ifdef __linux__

#include "emulation_registers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    RED_ZONE = 256,                // below the stack pointer a function may keep values (x86-64 ABI: 128 bytes)
    SAFE_STACK = 64 * 1024,        // the emulator's threads have at least 256 KB
    MAXIMUM_POINTERS = 1 << 20,
    MAXIMUM_TEXT = 8 * 1024 * 1024,  // of the new argv and envp with their own strings
};

// MARK: Memory of the stopped process

static int open_memory(pid_t thread) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)thread);
    return open(path, O_RDWR | O_CLOEXEC);
}

static bool read_memory(int memory, uint64_t address, void *buffer, size_t size) {
    return pread(memory, buffer, size, (off_t)address) == (ssize_t)size;
}

/// A string that ends within the buffer. A page at a time, for the one that ends right before unmapped memory.
static bool read_string(int memory, uint64_t address, char *buffer, size_t size) {
    size_t used = 0;
    while (used < size) {
        size_t chunk = 4096 - (size_t)((address + used) % 4096);
        if (chunk > size - used) chunk = size - used;
        ssize_t count = pread(memory, buffer + used, chunk, (off_t)(address + used));
        if (count <= 0) return false;
        if (memchr(buffer + used, 0, (size_t)count) != NULL) return true;
        used += (size_t)count;
    }
    return false;
}

/// The pointers of argv or envp without the NULL at the end. NULL with `count` -1 when they cannot be read.
static uint64_t *read_pointers(int memory, uint64_t address, long *count) {
    uint64_t *pointers = NULL;
    long capacity = 0;
    *count = 0;
    while (address != 0) {
        if (*count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            uint64_t *larger = capacity <= MAXIMUM_POINTERS ? realloc(pointers, (size_t)capacity * 8) : NULL;
            if (larger == NULL) break;
            pointers = larger;
        }
        if (!read_memory(memory, address + (uint64_t)*count * 8, &pointers[*count], 8)) break;
        if (pointers[*count] == 0) return pointers;
        ++*count;
    }
    if (address == 0) return calloc(1, 8);  // Linux takes a null pointer for an empty list
    free(pointers);
    *count = -1;
    return NULL;
}

// MARK: The new arguments

/// argv and envp of the emulator: pointers to strings that are in the process already, and to new ones in `text`, whose
/// offset stands in their place until the address of the text is known.
struct command {
    uint64_t *arguments;
    bool *is_own;        // the argument is an offset into `text`
    long argument_count;
    uint64_t *variables;
    long variable_count;
    char *text;
    size_t text_size;
    bool failed;
};

static void add_pointer(struct command *command, uint64_t pointer, bool is_own) {
    command->arguments[command->argument_count] = pointer;
    command->is_own[command->argument_count++] = is_own;
}

static void add_text(struct command *command, const char *text) {
    size_t length = strlen(text) + 1;
    char *larger = realloc(command->text, command->text_size + length);
    if (larger == NULL) {
        command->failed = true;
        return;
    }
    command->text = larger;
    memcpy(larger + command->text_size, text, length);
    add_pointer(command, command->text_size, true);
    command->text_size += length;
}

/// Whether a variable would change the emulator itself: its dynamic linker (which would load the function's libraries
/// into it) or its options. The emulator hands such a variable on with its option -E, which splits at commas; one that
/// holds a comma stays.
static bool is_for_the_program_alone(int memory, uint64_t address) {
    static const char *const prefixes[] = {"LD_", "QEMU_", "G_", "MALLOC_", "GLIBC_TUNABLES="};
    char start[16] = "";
    if (!read_memory(memory, address, start, sizeof start - 1) && !read_string(memory, address, start, sizeof start))
        return false;
    for (size_t index = 0; index < sizeof prefixes / sizeof prefixes[0]; index++) {
        if (strncmp(start, prefixes[index], strlen(prefixes[index])) != 0) continue;
        char *whole = malloc(65536);
        bool plain = whole != NULL && read_string(memory, address, whole, 65536) && strchr(whole, ',') == NULL;
        free(whole);
        return plain;
    }
    return false;
}

static void add_variables(struct command *command, int memory, const uint64_t *variables, long count) {
    for (long index = 0; index < count; index++) {
        if (is_for_the_program_alone(memory, variables[index])) {
            add_text(command, "-E");
            add_pointer(command, variables[index], false);
        } else {
            command->variables[command->variable_count++] = variables[index];
        }
    }
}

static bool make_command(const struct apus_emulation *emulation, const struct apus_exec_target *target, int memory,
                         const uint64_t *arguments, long argument_count, const uint64_t *variables, long variable_count,
                         struct command *command) {
    size_t most = (size_t)argument_count + 2 * (size_t)variable_count + APUS_MAXIMUM_SCRIPT_ARGUMENTS + 16;
    command->arguments = calloc(most, sizeof *command->arguments);
    command->is_own = calloc(most, sizeof *command->is_own);
    command->variables = calloc((size_t)variable_count + 1, sizeof *command->variables);
    if (command->arguments == NULL || command->is_own == NULL || command->variables == NULL) return false;

    add_text(command, emulation->emulator);
    add_text(command, "-cpu");
    add_text(command, emulation->cpu);
    if (emulation->prefix != NULL) {
        add_text(command, "-L");
        add_text(command, emulation->prefix);
    }
    add_variables(command, memory, variables, variable_count);
    add_text(command, "-0");
    if (target->first_argument != NULL) add_text(command, target->first_argument);
    else if (argument_count > 0) add_pointer(command, arguments[0], false);
    else add_text(command, "");
    add_text(command, target->program);
    for (int index = 0; index < target->script_argument_count; index++)
        add_text(command, target->script_arguments[index]);
    for (long index = 1; index < argument_count; index++) add_pointer(command, arguments[index], false);
    return !command->failed;
}

// MARK: Into the process

/// Whether so many bytes below the stack pointer belong to the stack.
static bool stack_reaches(pid_t thread, uint64_t stack, uint64_t size) {
    if (size <= SAFE_STACK) return true;
    char path[64], *line = NULL;
    size_t capacity = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)thread);
    FILE *maps = fopen(path, "re");
    bool result = false;
    while (maps != NULL && getline(&line, &capacity, maps) > 0) {
        unsigned long long start, end;
        if (sscanf(line, "%llx-%llx", &start, &end) != 2 || stack < start || stack >= end) continue;
        // The main thread's stack grows when it is written to.
        result = stack - start > size || (strstr(line, "[stack]") != NULL && size < MAXIMUM_TEXT / 2);
        break;
    }
    free(line);
    if (maps != NULL) fclose(maps);
    return result;
}

/// Writes all below the stack pointer, which is where nobody looks, and nobody returns to after an exec. Returns 0 or
/// an errno.
static int write_command(struct command *command, pid_t thread, int memory, uint64_t stack, uint64_t *arguments,
                         uint64_t *variables) {
    size_t pointers = ((size_t)command->argument_count + (size_t)command->variable_count + 2) * 8;
    size_t size = pointers + command->text_size;
    if (size > MAXIMUM_TEXT || !stack_reaches(thread, stack, size + RED_ZONE)) return E2BIG;
    uint64_t base = (stack - RED_ZONE - size) & ~(uint64_t)15;
    for (long index = 0; index < command->argument_count; index++)
        if (command->is_own[index]) command->arguments[index] += base + pointers;

    *arguments = base;
    *variables = base + ((uint64_t)command->argument_count + 1) * 8;
    size_t argument_bytes = ((size_t)command->argument_count + 1) * 8;
    bool written = pwrite(memory, command->arguments, argument_bytes, (off_t)base) == (ssize_t)argument_bytes
        && pwrite(memory, command->variables, pointers - argument_bytes, (off_t)*variables)
            == (ssize_t)(pointers - argument_bytes)
        && pwrite(memory, command->text, command->text_size, (off_t)(base + pointers)) == (ssize_t)command->text_size;
    return written ? 0 : E2BIG;
}

/// Returns the errno for execve, or 0 when the registers now hold another one.
static int put_emulator(const struct apus_emulation *emulation, const struct apus_exec_target *target, pid_t thread,
                        int memory, apus_registers *registers, int first_argument) {
    struct command command = {0};
    long argument_count, variable_count;
    uint64_t *arguments = read_pointers(memory, apus_call_argument(registers, first_argument + 1), &argument_count);
    uint64_t *variables = read_pointers(memory, apus_call_argument(registers, first_argument + 2), &variable_count);
    int error = EFAULT;
    if (arguments != NULL && variables != NULL) {
        uint64_t new_arguments, new_variables;
        bool made = make_command(emulation, target, memory, arguments, argument_count, variables, variable_count,
                                 &command);
        error = made ? write_command(&command, thread, memory, apus_stack_pointer(registers), &new_arguments,
                                     &new_variables)
                     : ENOMEM;
        // The emulator's path is the first string of the new ones.
        if (error == 0) apus_set_call(registers, SYS_execve, command.arguments[0], new_arguments, new_variables);
    }
    free(command.arguments);
    free(command.is_own);
    free(command.variables);
    free(command.text);
    free(arguments);
    free(variables);
    return error;
}

void apus_emulation_rewrite_exec(const struct apus_emulation *emulation, pid_t thread) {
    apus_registers registers;
    if (!apus_get_registers(thread, &registers)) return;  // it has been killed
    bool has_directory = apus_call_number(&registers) == SYS_execveat;
    int first = has_directory ? 1 : 0;
    int directory = has_directory ? (int)apus_call_argument(&registers, 0) : AT_FDCWD;
    int flags = has_directory ? (int)apus_call_argument(&registers, 4) : 0;

    // Large, and only one at a time.
    static struct apus_exec_target target;
    char path[PATH_MAX];
    int memory = open_memory(thread);
    int error = EFAULT;
    if (memory >= 0 && read_string(memory, apus_call_argument(&registers, first), path, sizeof path)) {
        if (path[0] == 0 && !(flags & AT_EMPTY_PATH)) {
            error = ENOENT;
        } else {
            apus_exec_resolve(emulation, thread, directory, path, !(flags & AT_SYMLINK_NOFOLLOW), &target);
            error = target.error;
            if (error == 0 && !target.native)
                error = put_emulator(emulation, &target, thread, memory, &registers, first);
        }
    }
    if (memory >= 0) close(memory);

    if (error != 0) apus_answer_call(thread, &registers, -error);
    else if (!target.native && !(apus_set_registers(thread, &registers) && apus_set_call_number(thread, SYS_execve)))
        return;
}

// MARK: The other way round

bool apus_emulated_program(const struct apus_emulation *emulation, pid_t process, char *program, size_t size) {
    char path[64], name[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/exe", (int)process);
    ssize_t length = readlink(path, name, sizeof name - 1);
    if (length <= 0) return false;
    name[length] = 0;
    if (strcmp(name, emulation->emulator) != 0) return false;

    // The emulator's name, then pairs of an option and its value, then the program.
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)process);
    FILE *file = fopen(path, "re");
    if (file == NULL) return false;
    char *word = NULL;
    size_t capacity = 0;
    bool found = false;
    for (long index = 0; getdelim(&word, &capacity, 0, file) > 0; index++) {
        if (index % 2 == 0 || word[0] == '-') continue;
        found = strlen(word) < size;
        if (found) strcpy(program, word);
        break;
    }
    free(word);
    fclose(file);
    return found;
}

#endif
