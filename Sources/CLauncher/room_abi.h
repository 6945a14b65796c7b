#ifndef APUS_CLAUNCHER_ROOM_ABI_H
#define APUS_CLAUNCHER_ROOM_ABI_H

/// Can be read when a process has made a call of the 32-bit ABI; -1: nobody looks.
int apus_strict_abi_descriptor(void);

/// Answers one of them.
void apus_strict_abi_answer(void);

#endif
