#ifndef CSTATICSTART_H
#define CSTATICSTART_H

// Lets a static Swift program start where there is no /proc. The Swift runtime looks there for its own directory before
// main runs, and ends the process where it finds none; and it reads the program's arguments from there.

/// Call it before anything reads the environment or starts a thread: takes the variable that a constructor has set for
/// the Swift runtime out of the environment again.
void apus_start(void);

/// The program's arguments as the system handed them over, ended by NULL; NULL where the C library hands none to
/// constructors (musl).
char *const *apus_start_arguments(void);

#endif
