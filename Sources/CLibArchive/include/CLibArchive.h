#ifndef APUS_CLIBARCHIVE_H
#define APUS_CLIBARCHIVE_H

// libarchive's own declarations. The functions that Apus calls are in calls.c: each loads the library when it is first
// needed, so that commands without a zip do not pay for it (it brings ten more libraries, 2 ms at every start).

#include <archive.h>
#include <archive_entry.h>

/// Whether the library is on this machine; loads it.
int apus_libarchive_is_available(void);

#endif
