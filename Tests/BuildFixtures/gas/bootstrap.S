/* Starts a shell that speaks with the Runtime API: execve("/bin/sh", arguments, the environment of this process).
   One file for both architectures, by the preprocessor. */
    .globl _start
    .data
    .balign 8
arguments:
    .quad shell, option, runtime, shell, answer, 0
shell:
    .asciz "/bin/sh"
option:
    .asciz "-c"
runtime:
    .incbin "runtime.sh"
    .byte 0
#if defined(__aarch64__)
answer:
    .asciz "{\"language\":\"gas\",\"machine\":\"aarch64\"}"
    .text
_start:
    ldr x3, [sp]
    add x2, sp, x3, lsl #3
    add x2, x2, #16
    ldr x1, =arguments
    ldr x0, =shell
    mov x8, #221
    svc #0
    mov x0, #1
    mov x8, #93
    svc #0
#else
answer:
    .asciz "{\"language\":\"gas\",\"machine\":\"x86_64\"}"
    .text
_start:
    mov (%rsp), %rcx
    lea 16(%rsp,%rcx,8), %rdx
    mov $arguments, %rsi
    mov $shell, %rdi
    mov $59, %eax
    syscall
    mov $1, %edi
    mov $60, %eax
    syscall
#endif
    .section .note.GNU-stack, "", %progbits
