; Writes one line to standard output and ends: two system calls, no libc.

global _start

section .rodata
message:
        db "早めのパブロン", 10
message_length equ $ - message

section .text
_start:
        mov     eax, 1                  ; write
        mov     edi, 1                  ; standard output
        lea     rsi, [rel message]
        mov     edx, message_length
        syscall

        xor     edi, edi                ; exit status 0
        cmp     rax, message_length
        je      .exit
        mov     edi, 1                  ; a write that failed or stopped short is a failure
.exit:
        mov     eax, 60                 ; exit
        syscall
