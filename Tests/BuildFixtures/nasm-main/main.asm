; The same through the C library.
global main
extern execl

section .rodata
shell:    db "/bin/sh", 0
option:   db "-c", 0
answer:   db '{"language":"nasm","machine":"x86_64"}', 0
runtime:  incbin "runtime.sh"
          db 0

section .text
main:
    push rbp
    lea rdi, [rel shell]
    mov rsi, rdi
    lea rdx, [rel option]
    lea rcx, [rel runtime]
    mov r8, rdi
    lea r9, [rel answer]
    push 0
    push 0
    xor eax, eax
    call execl
    add rsp, 16
    mov eax, 1
    pop rbp
    ret

section .note.GNU-stack noalloc noexec nowrite progbits
