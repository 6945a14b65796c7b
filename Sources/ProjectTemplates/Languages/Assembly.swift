extension ProjectTemplate {
    /// NASM's x86-64 assembly on the kernel's system calls.
    static let assembly = ProjectTemplate(
        title: "in x86-64 assembly",
        buildMethod: "nasm",
        codeURI: "src/",
        needs: "`nasm` and `ld`",
        answer: #"{"message":"Hello from assembly","event":{"name": "Apus"}}"#,
        files: [assemblyHandler, assemblyRuntime]
    )

    static let assemblyHandler = ProjectFile(
        "src/handler.asm",
        about: "your function",
        text: #"""
            ; Your function, by the calling convention of C on Linux (System V): arguments in rdi, rsi, rdx, rcx; rbx, rbp and r12 to r15
            ; are the caller's.

            default rel

            global set_up, handle

            section .rodata

            before: db '{"message":"Hello from assembly","event":'
            before_length equ $ - before

            too_long: db "the answer has no room", 0

            section .text

            ; Called once, before the first event.
            ; Gives back rax: 0, or the address of a text that says why the function cannot work. Texts of errors end with a zero and
            ; hold no quotes and no backslashes.
            set_up:
                    xor     eax, eax
                    ret

            ; Answers one event. Both are JSON.
            ; rdi: the event; rsi: its length; rdx: where the answer goes; rcx: the room there.
            ; Gives back rax: the answer's length, or -1 and in rdx the address of a text that says why the invocation fails.
            handle:
            .trim:                                  ; white space at the end
                    test    rsi, rsi
                    jz      .copy
                    cmp     byte [rdi + rsi - 1], ' '
                    ja      .copy
                    dec     rsi
                    jmp     .trim
            .copy:                                  ; any JSON value is a part of a larger one as it stands, so it needs no parsing
                    lea     rax, [rsi + before_length + 1]
                    cmp     rax, rcx
                    ja      .too_long
                    mov     r8, rdi
                    mov     r9, rsi
                    mov     rdi, rdx
                    lea     rsi, [before]
                    mov     ecx, before_length
                    rep movsb
                    mov     rsi, r8
                    mov     rcx, r9
                    rep movsb
                    mov     byte [rdi], '}'
                    ret
            .too_long:
                    mov     rax, -1
                    lea     rdx, [too_long]
                    ret
            """#
    )
}
