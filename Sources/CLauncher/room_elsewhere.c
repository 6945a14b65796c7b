#include "room.h"

// Other systems have no rooms.

#ifndef __linux__

#include <unistd.h>

bool apus_room_entry(struct apus_room *room, const char *entry) {
    (void)room, (void)entry;
    return false;
}

bool apus_room_is_complete(const struct apus_room *room) {
    (void)room;
    return false;
}

const struct apus_room *apus_own_room(void) {
    return NULL;
}

pid_t apus_groups_fork(bool *is_inside) {
    (void)is_inside;
    return fork();
}

int apus_room_become_function(const struct apus_room *room, bool is_inside_group) {
    (void)room, (void)is_inside_group;
    return 0;
}

int apus_room_open_to_tracer(int kept, int also_kept) {
    (void)kept, (void)also_kept;
    return 0;
}

bool apus_room_freeze(bool frozen) {
    (void)frozen;
    return false;
}

void apus_room_watch(fd_set *readable, fd_set *exceptional, int *last, struct timespec **timeout, bool is_frozen) {
    (void)readable, (void)exceptional, (void)last, (void)timeout, (void)is_frozen;
}

void apus_room_look(const fd_set *readable, const fd_set *exceptional) {
    (void)readable, (void)exceptional;
}

void apus_room_child_killed(int child) {
    (void)child;
}

void apus_room_send_socket(void) {}

#endif
