extension GNUAssembly {
    /// For x86-64, in the syntax of AT&T, which is the assembler's own.
    static let x86 = GNUAssembly(
        name: "x86-64",
        check: #"""
            #ifndef __x86_64__
            #error "this is x86-64 assembly: write Architectures: [x86_64] in template.yaml"
            #endif
            """#,
        handlerAbout: #"""
            // Your function, by the calling convention of C: arguments in rdi, rsi, rdx, rcx; rbx, rbp and r12 to r15 are the caller's. The C
            // library can be called.
            """#,
        handlerCode: #"""
                    .text

            // Called once, before the first event.
            // Gives back rax: 0, or the address of a text that says why the function cannot work. Texts of errors end with a zero and hold no
            // quotes and no backslashes.
            set_up:
                    xor     %eax, %eax
                    ret

            // Answers one event. Both are JSON.
            // rdi: the event; rsi: its length; rdx: where the answer goes; rcx: the room there.
            // Gives back rax: the answer's length, or -1 and in rdx the address of a text that says why the invocation fails.
            handle:
                    test    %rsi, %rsi                      // white space at the end
                    jz      .Lcopy
                    cmpb    $' ', -1(%rdi, %rsi)
                    ja      .Lcopy
                    dec     %rsi
                    jmp     handle
            .Lcopy:                                         // any JSON value is a part of a larger one as it stands, so it needs no parsing
                    lea     before_length + 1(%rsi), %rax
                    cmp     %rcx, %rax
                    ja      .Ltoo_long
                    mov     %rdi, %r8
                    mov     %rsi, %r9
                    mov     %rdx, %rdi
                    lea     before(%rip), %rsi
                    mov     $before_length, %ecx
                    rep movsb
                    mov     %r8, %rsi
                    mov     %r9, %rcx
                    rep movsb
                    movb    $'}', (%rdi)
                    ret
            .Ltoo_long:
                    mov     $-1, %rax
                    lea     too_long(%rip), %rdx
                    ret

                    .section .note.GNU-stack, "", %progbits // no code on the stack
            """#,
        runtimeCode: #"""
                    .text

            main:
                    push    %rbx                            // the stack is a multiple of 16 where functions are called
                    lea     variable(%rip), %rdi
                    call    getenv
                    test    %rax, %rax
                    jz      no_authority
                    mov     %rax, authority(%rip)
                    call    read_address

                    call    set_up
                    test    %rax, %rax
                    jz      serve
                    lea     init_error(%rip), %rdi
                    lea     set_up_failed(%rip), %rsi
                    mov     %rax, %rdx
                    call    report
                    jmp     no_set_up

            serve:
                    lea     get(%rip), %rdi
                    lea     next(%rip), %rsi
                    lea     nothing(%rip), %rdx
                    xor     %r8d, %r8d
                    call    exchange
                    cmp     $200, %eax
                    jne     no_event
                    cmpb    $0, id(%rip)
                    je      no_event

                    mov     event(%rip), %rdi
                    mov     event_length(%rip), %rsi
                    lea     answer(%rip), %rdx
                    mov     $BODY_ROOM, %ecx
                    call    handle
                    cmp     $-1, %rax
                    je      .Lfailed
                    mov     %rax, %rbx

                    lea     answer_path(%rip), %rdi
                    call    set_path
                    lea     post(%rip), %rdi
                    lea     path(%rip), %rsi
                    lea     nothing(%rip), %rdx
                    lea     answer(%rip), %rcx
                    mov     %rbx, %r8
                    call    exchange
                    cmp     $300, %eax
                    jb      serve
                    // Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                    mov     $2, %edi
                    mov     event(%rip), %rsi
                    mov     event_length(%rip), %rdx
                    call    write
                    jmp     serve
            .Lfailed:
                    mov     %rdx, %rbx
                    lea     error_path(%rip), %rdi
                    call    set_path
                    lea     path(%rip), %rdi
                    lea     failed(%rip), %rsi
                    mov     %rbx, %rdx
                    call    report
                    jmp     serve

            // Makes the path to the request out of the format rdi.
            set_path:
                    mov     %rdi, %rdx
                    lea     path(%rip), %rdi
                    mov     $TEXT_ROOM, %esi
                    lea     id(%rip), %rcx
                    xor     %eax, %eax                      // no vector registers among the arguments
                    jmp     snprintf

            // Posts an error to the path rdi; rsi: its type; rdx: its message.
            report:
                    push    %rbx
                    push    %r12
                    push    %r13
                    mov     %rdi, %rbx
                    mov     %rsi, %r12
                    mov     %rdx, %r13
                    lea     header(%rip), %rdi
                    mov     $TEXT_ROOM, %esi
                    lea     error_header(%rip), %rdx
                    mov     %r12, %rcx
                    xor     %eax, %eax
                    call    snprintf

                    lea     answer(%rip), %rdi
                    mov     $BODY_ROOM, %esi
                    lea     error_body(%rip), %rdx
                    mov     %r12, %rcx
                    mov     %r13, %r8
                    xor     %eax, %eax
                    call    snprintf

                    lea     post(%rip), %rdi
                    mov     %rbx, %rsi
                    lea     header(%rip), %rdx
                    lea     answer(%rip), %rcx
                    movslq  %eax, %r8
                    pop     %r13
                    pop     %r12
                    pop     %rbx
                    // on to exchange

            // Sends a request. rdi: the method; rsi: the path; rdx: a header of its own, or an empty text; rcx: the body; r8: its length.
            // Gives back eax: the status. The response's body is in event, the request's id in id, empty without one.
            exchange:
                    push    %rbx                            // the socket
                    push    %r12                            // the body
                    push    %r13                            // its length
                    push    %r14                            // the head's length; then the end of what has been received
                    sub     $8, %rsp
                    mov     %rcx, %r12
                    mov     %r8, %r13

                    push    %r8
                    push    %rdx
                    mov     %rdi, %rcx
                    mov     %rsi, %r8
                    mov     authority(%rip), %r9
                    lea     request(%rip), %rdi
                    mov     $REQUEST_ROOM, %esi
                    lea     head_format(%rip), %rdx
                    xor     %eax, %eax
                    call    snprintf
                    add     $16, %rsp
                    movslq  %eax, %r14

                    mov     $AF_INET, %edi
                    mov     $SOCK_STREAM, %esi
                    xor     %edx, %edx
                    call    socket
                    test    %eax, %eax
                    js      no_connection
                    mov     %eax, %ebx
                    mov     %ebx, %edi
                    lea     api_address(%rip), %rsi
                    mov     $16, %edx
                    call    connect
                    test    %eax, %eax
                    js      no_connection

                    lea     request(%rip), %rsi
                    mov     %r14, %rdx
                    call    send_all
                    mov     %r12, %rsi
                    mov     %r13, %rdx
                    call    send_all

                    lea     response(%rip), %r14
            .Lreceive:
                    mov     %ebx, %edi
                    mov     %r14, %rsi
                    lea     response + RESPONSE_ROOM(%rip), %rdx
                    sub     %rsi, %rdx
                    jz      too_large
                    call    read
                    test    %rax, %rax
                    js      no_connection
                    add     %rax, %r14
                    test    %rax, %rax
                    jnz     .Lreceive
                    movb    $0, (%r14)
                    mov     %ebx, %edi
                    call    close

                    mov     %r14, %rdi
                    call    read_response
                    add     $8, %rsp
                    pop     %r14
                    pop     %r13
                    pop     %r12
                    pop     %rbx
                    ret

            // Sends rdx bytes at rsi to the socket ebx.
            send_all:
                    push    %r12
                    push    %r13
                    sub     $8, %rsp
                    mov     %rsi, %r12
                    mov     %rdx, %r13
            .Lsend:
                    test    %r13, %r13
                    jz      .Lsent
                    mov     %ebx, %edi
                    mov     %r12, %rsi
                    mov     %r13, %rdx
                    mov     $MSG_NOSIGNAL, %ecx
                    call    send
                    test    %rax, %rax
                    js      no_connection
                    add     %rax, %r12
                    sub     %rax, %r13
                    jmp     .Lsend
            .Lsent:
                    add     $8, %rsp
                    pop     %r13
                    pop     %r12
                    ret

            // Takes the response apart, which ends at rdi. Gives back eax: its status.
            read_response:
                    push    %rbx
                    sub     $16, %rsp
                    mov     %rdi, %rbx
                    lea     response(%rip), %rdi
                    lea     end_of_head(%rip), %rsi
                    call    strstr
                    test    %rax, %rax
                    jz      no_http
                    movb    $0, (%rax)                      // the head ends with a zero
                    add     $4, %rax
                    mov     %rax, event(%rip)
                    sub     %rax, %rbx
                    mov     %rbx, event_length(%rip)

                    movb    $0, id(%rip)
                    lea     response(%rip), %rdi
                    lea     id_header(%rip), %rsi
                    call    strcasestr                      // a header's name comes in any case
                    test    %rax, %rax
                    jz      .Lstatus
                    mov     %rax, %rdi
                    lea     id_format(%rip), %rsi
                    lea     id(%rip), %rdx
                    xor     %eax, %eax
                    call    sscanf
            .Lstatus:
                    lea     response(%rip), %rdi
                    lea     status_format(%rip), %rsi
                    mov     %rsp, %rdx
                    xor     %eax, %eax
                    call    sscanf
                    cmp     $1, %eax
                    jne     no_http
                    mov     (%rsp), %eax
                    add     $16, %rsp
                    pop     %rbx
                    ret

            // Reads the authority, an IPv4 address in numbers and a port as Lambda gives them, into the address.
            read_address:
                    sub     $88, %rsp                       // 64 bytes of host, then the port, then what is behind it
                    mov     authority(%rip), %rdi
                    call    strlen
                    cmp     $AUTHORITY_ROOM, %rax
                    jae     no_address
                    mov     authority(%rip), %rdi
                    lea     address_format(%rip), %rsi
                    mov     %rsp, %rdx
                    lea     64(%rsp), %rcx
                    lea     72(%rsp), %r8
                    xor     %eax, %eax
                    call    sscanf
                    cmp     $2, %eax
                    jne     no_address

                    movw    $AF_INET, api_address(%rip)
                    mov     64(%rsp), %eax
                    cmp     $65535, %eax
                    ja      no_address
                    xchg    %al, %ah                        // the network's order of bytes
                    mov     %ax, api_address + 2(%rip)
                    mov     $AF_INET, %edi
                    mov     %rsp, %rsi
                    lea     api_address + 4(%rip), %rdx
                    call    inet_pton
                    cmp     $1, %eax
                    jne     no_address
                    add     $88, %rsp
                    ret

            // Ends: each writes a text to the log and ends the process.

                    .macro  end name, function, text
            \name:
                    .pushsection .rodata
            .Ltext\@:
                    .asciz  "\text"
                    .popsection
                    lea     .Ltext\@(%rip), %rsi
                    mov     $1, %edi
                    and     $-16, %rsp                      // some come from within a function
                    xor     %eax, %eax
                    call    \function
                    .endm
            """#
    )
}
