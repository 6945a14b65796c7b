#ifndef APUS_CLAUNCHER_CHILDREN_H
#define APUS_CLAUNCHER_CHILDREN_H

// The children of the launcher: the main one (number 0) and the extensions. Orphans that come to the launcher from them
// are not in this table. Each change of a child is told on the status pipe, in its order.

#include "internal.h"

/// Nothing has been started yet.
void apus_children_begin(const struct apus_launch *launch);

/// Marks the children from `first` up to `end`, exclusive, for being started, those that have not been so far.
void apus_children_request(int first, int end);

/// Starts the next of the requested children unless another one is just starting. False when there was nothing to do.
bool apus_children_start_next(void);

/// A descriptor that can be read when there is news of the child that is just starting; -1 if none is.
int apus_children_start_descriptor(void);

/// Takes that news. Comes before anything else that is told of the child.
void apus_children_take_start(void);

/// Reports the end of children that have died, kills what is left of their groups and reaps them.
void apus_children_bury(void);

/// The same for one process. False if it is no child of the table.
bool apus_children_bury_process(pid_t process);

/// Sends a signal to a child, if it runs, and to the group that it was started in. Returns whether anybody got it.
bool apus_children_signal(int number, int signal);

/// The same to all. Returns how many of them.
int apus_children_signal_all(int signal);

/// The number of the child that has this process id; -1 if it is no child of the table.
int apus_children_number_of(pid_t process);

/// Whether a child is being started or runs.
bool apus_children_run(void);

/// No more is started: gives up the launcher's own copies of the outputs, so that their end of file means that nobody
/// can write any more.
void apus_children_start_no_more(void);

/// Whether every child has been started, and has ended or could not be executed.
bool apus_children_have_ended(void);

#endif
