/* The machine that the program is compiled for. */
#if defined(__aarch64__)
#define MACHINE "aarch64"
#else
#define MACHINE "x86_64"
#endif

void serve(const char *answer);
