// The launcher and the janitor as a program of their own, which starts in a third of a millisecond where apus, a far
// larger file with a dozen libraries, takes ten. Nothing is here: the constructor in CLauncher sees the name under which
// apus starts this file and takes over. See spawn.c for how it is found, and what happens where it is not.

#include <unistd.h>

int main(void) {
    static const char text[] = "apus-launcher: apus starts this program for itself; run apus instead\n";
    ssize_t ignored = write(2, text, sizeof text - 1);
    (void)ignored;
    return 64;
}
