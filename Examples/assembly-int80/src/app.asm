; Writes one line to standard output and ends, by the kernel's 32-bit system calls: other numbers, other registers, and
; int 0x80 in place of syscall. Pointers are cut to 32 bits, so the message must lie below 4 GB: static, not PIE.

global _start

section .rodata
message:
        db "早めのパブロン", 10
message_length equ $ - message

section .text
_start:
        mov     eax, 4                  ; write
        mov     ebx, 1                  ; standard output
        mov     ecx, message
        mov     edx, message_length
        int     0x80

        xor     ebx, ebx                ; exit status 0
        cmp     eax, message_length
        je      .exit
        mov     ebx, 1                  ; a write that failed or stopped short is a failure
.exit:
        mov     eax, 1                  ; exit
        int     0x80
