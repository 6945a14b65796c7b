; Starts a shell that speaks with the Runtime API: execve("/bin/sh", arguments, the environment of this process).
global _start

section .rodata
shell:    db "/bin/sh", 0
option:   db "-c", 0
answer:   db '{"language":"nasm","machine":"x86_64"}', 0
runtime:  incbin "runtime.sh"
          db 0

section .data
arguments: dq shell, option, runtime, shell, answer, 0

section .text
_start:
    mov rcx, [rsp]              ; argc; the environment begins behind argv and its null
    lea rdx, [rsp + rcx * 8 + 16]
    lea rsi, [rel arguments]
    lea rdi, [rel shell]
    mov eax, 59                 ; execve
    syscall
    mov edi, 1
    mov eax, 60                 ; exit
    syscall
