#include "emulation.h"
#include "internal.h"
#include "room.h"

#include <stdlib.h>

static size_t count_entries(void) {
    size_t count = 0;
    while (environ[count] != NULL) count++;
    return count;
}

/// Under an emulator nothing may run untraced: it would run natively.
static void emulate(struct apus_launch *launch, const struct apus_emulation *emulation) {
    launch->emulation = emulation;
    launch->tracer = apus_emulation_tracer(emulation);
    launch->must_be_traced = true;
}

static bool is_complete(const struct apus_program *program) {
    return program->directory != NULL && program->executable != NULL && program->arguments[0] != NULL;
}

bool apus_read_entries(struct apus_launch *result) {
    static struct apus_emulation emulation;
    static struct apus_room room = {.freezer_group = -1};
    // The lists of all programs lie one behind the other, each with its own NULL at the end.
    size_t count = count_entries();
    char **arguments = calloc(count + APUS_MAXIMUM_CHILDREN + 1, sizeof *arguments);
    char **variables = calloc(count + APUS_MAXIMUM_CHILDREN + 1, sizeof *variables);
    if (arguments == NULL || variables == NULL) return false;
    *result = (struct apus_launch){.program_count = 1};
    struct apus_program *program = result->programs;
    *program = (struct apus_program){.arguments = arguments, .variables = variables};

    for (size_t index = 0; index < count; index++) {
        char *text = environ[index];
        switch (text[0]) {
        case APUS_ENTRY_DIRECTORY: program->directory = text + 1; break;
        case APUS_ENTRY_EXECUTABLE: program->executable = text + 1; break;
        case APUS_ENTRY_ARGUMENT: *arguments++ = text + 1; break;
        case APUS_ENTRY_VARIABLE: *variables++ = text + 1; break;
        case APUS_ENTRY_EXTENSION:
            if (result->program_count == APUS_MAXIMUM_CHILDREN) return false;
            program = &result->programs[result->program_count++];
            *program = (struct apus_program){.arguments = ++arguments, .variables = ++variables};
            break;
        case APUS_ENTRY_CLEANUP:
            if (result->has_cleanup) return false;
            result->has_cleanup = true;
            program = &result->cleanup;
            *program = (struct apus_program){.arguments = ++arguments, .variables = ++variables};
            break;
        case APUS_ENTRY_TRACE: result->tracer = apus_crash_tracer(); break;
        case APUS_ENTRY_ROOM:
            if (!apus_room_entry(&room, text + 1)) return false;
            result->room = &room;
            break;
        case APUS_ENTRY_EMULATION: if (!apus_emulation_entry(&emulation, text + 1)) return false; break;
        default: return false;
        }
    }
    if (apus_emulation_is_complete(&emulation)) emulate(result, &emulation);
    else if (emulation.emulator != NULL) return false;
    if (result->room != NULL && (!apus_room_is_complete(&room) || result->has_cleanup)) return false;
    if (result->has_cleanup && !is_complete(&result->cleanup)) return false;
    for (int number = 0; number < result->program_count; number++)
        if (!is_complete(&result->programs[number])) return false;
    return true;
}
