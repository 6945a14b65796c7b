#define _GNU_SOURCE
#include "room.h"

#ifdef __linux__

#include <stdlib.h>
#include <string.h>

static bool read_number(const char *text, unsigned long long limit, unsigned long long *number) {
    char *end;
    if (text[0] < '0' || text[0] > '9') return false;
    *number = strtoull(text, &end, 10);
    return *end == 0 && *number <= limit;
}

static bool read_user(const char *text, struct apus_user *user) {
    char *end;
    unsigned long uid = strtoul(text, &end, 10);
    unsigned long long gid;
    if (end == text || *end != ':' || uid >= UINT32_MAX || !read_number(end + 1, UINT32_MAX - 1, &gid)) return false;
    *user = (struct apus_user){.user = (uid_t)uid, .group = (gid_t)gid};
    return true;
}

static bool read_memory(struct apus_room *room, enum apus_memory_kind kind, const char *text) {
    unsigned long long bytes;
    if (room->memory_kind != APUS_MEMORY_UNLIMITED || !read_number(text, 1ULL << 50, &bytes)) return false;
    if (kind != APUS_MEMORY_WATCH && room->group_count == 0) return false;
    room->memory_kind = kind;
    room->memory_bytes = bytes;
    room->memory_group = room->group_count - 1;
    return true;
}

static bool keep(struct apus_room *room, const char *entry) {
    const char **entries = realloc(room->entries, (size_t)(room->entry_count + 1) * sizeof *entries);
    if (entries == NULL) return false;
    room->entries = entries;
    entries[room->entry_count++] = entry;
    return true;
}

bool apus_room_entry(struct apus_room *room, const char *entry) {
    const char *text = entry[0] ? entry + 1 : entry;
    unsigned long long number;
    if (!keep(room, entry)) return false;
    switch (entry[0]) {
    case APUS_ROOM_BASE: room->base = text; return text[0] == '/' && text[1] != 0;
    case APUS_ROOM_HOSTNAME: room->hostname = text; return true;
    case APUS_ROOM_USER: room->has_user = true; return read_user(text, &room->user);
    case APUS_ROOM_OUTER_USER: room->has_user_namespace = true; return read_user(text, &room->outer_user);
    case APUS_ROOM_NETWORK:
        if (!read_number(text, UINT16_MAX, &number)) return false;
        room->has_network = true;
        room->port = (uint16_t)number;
        return true;
    case APUS_ROOM_PROCESSES:
        if (!read_number(text, UINT32_MAX, &number)) return false;
        room->processes = (unsigned)number;
        return true;
    case APUS_ROOM_EXISTS: room->exists = true; return true;
    case APUS_ROOM_STRICT_ABI: room->strict_abi = true; return true;
    case APUS_ROOM_MEMORY_GROUP_1: return read_memory(room, APUS_MEMORY_GROUP_1, text);
    case APUS_ROOM_MEMORY_GROUP_2: return read_memory(room, APUS_MEMORY_GROUP_2, text);
    case APUS_ROOM_MEMORY_WATCH: return read_memory(room, APUS_MEMORY_WATCH, text);
    case APUS_ROOM_SCRATCH: room->scratch = text; return text[0] == '/';
    case APUS_ROOM_GROUP_1: case APUS_ROOM_GROUP_2: return text[0] == '/' && room->group_count++ < APUS_MAXIMUM_GROUPS;
    case APUS_ROOM_GROUP_VALUE: case APUS_ROOM_GROUP_WISH: return room->group_count > 0 && strchr(text, '=') != NULL;
    case APUS_ROOM_FREEZER: room->freezer_group = room->group_count - 1; return room->group_count > 0;
    case APUS_ROOM_SOURCE: return true;
    case APUS_ROOM_DIRECTORY: case APUS_ROOM_BIND: case APUS_ROOM_DEVICE: case APUS_ROOM_LINK: case APUS_ROOM_COPY:
    case APUS_ROOM_TEXT: case APUS_ROOM_OVERLAY: case APUS_ROOM_ROOT: case APUS_ROOM_MEMORY_DISK: case APUS_ROOM_DISK:
    case APUS_ROOM_PROCESSES_FILES:
        return text[0] == '/';
    default: return false;
    }
}

bool apus_room_is_complete(const struct apus_room *room) {
    return room->base != NULL && room->has_user;
}

#endif
