#include "hello.h"

int main(void) {
    serve("{\"language\":\"c\",\"machine\":\"" MACHINE "\"}");
    return 1;
}
