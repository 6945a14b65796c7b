extension ProjectTemplate {
    static let assemblyRuntime = ProjectFile(
        "src/runtime.asm",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        text: #"""
            ; The runtime: asks Lambda's Runtime API for an event, has it handled, sends the answer, and so on until Lambda ends the
            ; process. An error on the way to the Runtime API ends it, and Lambda starts a new one.
            ;
            ; Linux's system calls, no library. Each request is HTTP/1.0 on a connection of its own, so that the end of the connection is
            ; the end of the response and there are no chunks.

            default rel

            global _start
            extern set_up, handle

            %define CRLF 13, 10
            %define PREFIX "/2018-06-01/runtime/"

            ; System calls, and values for them
            read            equ 0
            write           equ 1
            close           equ 3
            socket          equ 41
            connect         equ 42
            sendto          equ 44
            exit            equ 60
            EINTR           equ 4
            AF_INET         equ 2
            SOCK_STREAM     equ 1
            MSG_NOSIGNAL    equ 4000h

            BODY_ROOM       equ 8 * 1024 * 1024     ; Lambda's own limit of events and answers is 6 MB
            RESPONSE_ROOM   equ BODY_ROOM + 64 * 1024
            ID_ROOM         equ 128
            AUTHORITY_ROOM  equ 64

            section .rodata

            variable:       db "AWS_LAMBDA_RUNTIME_API="
            variable_length equ $ - variable
            id_name:        db "lambda-runtime-aws-request-id:", 0
            no_header:      db 0
            set_up_failed:  db "Function.SetUpFailed", 0
            failed:         db "Function.Failed", 0

            section .bss

            authority:      resq 1                  ; address of the text host:port
            address:        resb 16                 ; the same as a sockaddr_in
            id:             resb ID_ROOM            ; of the request, with a zero at the end
            header:         resb 256
            request:        resb 1024               ; a request's head
            answer:         resb BODY_ROOM
            response:       resb RESPONSE_ROOM

            section .text

            ; put BYTES: writes them to rdi, which moves on. Changes rsi and rcx.
            %macro put 1+
                    [section .rodata]
            %%bytes: db %1
            %%length equ $ - %%bytes
                    __SECT__
                    lea     rsi, [%%bytes]
                    mov     ecx, %%length
                    rep movsb
            %endmacro

            ; die TEXT: writes it to the log and ends the process.
            %macro die 1
                    [section .rodata]
            %%text: db "runtime: ", %1, 10
            %%length equ $ - %%text
                    __SECT__
                    lea     rsi, [%%text]
                    mov     edx, %%length
                    jmp     log_and_exit
            %endmacro

            _start:
                    mov     rbx, [rsp]
                    lea     rbx, [rsp + rbx * 8 + 16] ; the environment lies behind the arguments and their null
            .variable:
                    mov     rsi, [rbx]
                    test    rsi, rsi
                    jz      no_authority
                    add     rbx, 8
                    lea     rdi, [variable]
                    mov     ecx, variable_length
                    repe cmpsb
                    jne     .variable
                    mov     [authority], rsi
                    call    read_address

                    call    set_up
                    test    rax, rax
                    jz      serve
                    mov     r15, rax
                    lea     r14, [set_up_failed]
                    call    begin_post
                    put     "init/error"
                    call    report
                    die     "set_up failed"

            ; r12, r13: the body of a request and its length; r14: a header of its own. rbx, rbp: the body of a response.
            serve:
                    lea     rdi, [request]
                    put     "GET ", PREFIX, "invocation/next"
                    xor     r13d, r13d
                    lea     r14, [no_header]
                    call    exchange
                    cmp     dword [response + 8], " 200"
                    jne     no_event
                    cmp     byte [id], 0
                    je      no_event

                    mov     rdi, rbx
                    mov     rsi, rbp
                    lea     rdx, [answer]
                    mov     ecx, BODY_ROOM
                    call    handle
                    cmp     rax, -1
                    je      .failed

                    lea     r12, [answer]
                    mov     r13, rax
                    lea     r14, [no_header]
                    call    begin_post
                    call    put_invocation
                    put     "/response"
                    call    exchange
                    ; Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                    cmp     byte [response + 9], '2'
                    je      serve
                    mov     rsi, rbx
                    mov     rdx, rbp
                    call    log
                    jmp     serve
            .failed:
                    mov     r15, rdx
                    lea     r14, [failed]
                    call    begin_post
                    call    put_invocation
                    put     "/error"
                    call    report
                    jmp     serve

            ; Posts an error to the path that has been begun; r14: its type; r15: its message.
            report:
                    push    rdi
                    lea     rdi, [answer]
                    put     '{"errorType":"'
                    mov     rsi, r14
                    call    put_text
                    put     '","errorMessage":"'
                    mov     rsi, r15
                    call    put_text
                    put     '"}'
                    lea     r12, [answer]
                    mov     r13, rdi
                    sub     r13, r12

                    lea     rdi, [header]
                    put     "Lambda-Runtime-Function-Error-Type: "
                    mov     rsi, r14
                    call    put_text
                    put     CRLF, 0
                    lea     r14, [header]
                    pop     rdi
                    ; on to exchange

            ; Sends the request whose method and path end at rdi, with the body r12 of r13 bytes and the header r14.
            ; Gives back the response: its body in rbx, of rbp bytes; its id in id, empty without one.
            exchange:
                    put     " HTTP/1.0", CRLF, "Host: "
                    mov     rsi, [authority]
                    call    put_text
                    put     CRLF, "Content-Type: application/json", CRLF
                    mov     rsi, r14
                    call    put_text
                    put     "Content-Length: "
                    mov     rax, r13
                    call    put_number
                    put     CRLF, CRLF
                    mov     rbp, rdi

                    mov     eax, socket
                    mov     edi, AF_INET
                    mov     esi, SOCK_STREAM
                    xor     edx, edx
                    syscall
                    test    eax, eax
                    js      no_connection
                    mov     ebx, eax
                    mov     eax, connect
                    mov     edi, ebx
                    lea     rsi, [address]
                    mov     edx, 16
                    syscall
                    test    eax, eax
                    js      no_connection

                    lea     rsi, [request]
                    mov     rdx, rbp
                    sub     rdx, rsi
                    call    send
                    mov     rsi, r12
                    mov     rdx, r13
                    call    send

                    lea     rbp, [response]         ; the end of what has been received
            .receive:
                    xor     eax, eax                ; read
                    mov     edi, ebx
                    mov     rsi, rbp
                    lea     rdx, [response + RESPONSE_ROOM]
                    sub     rdx, rsi
                    jz      too_large
                    syscall
                    cmp     rax, -EINTR
                    je      .receive
                    test    rax, rax
                    js      no_connection
                    add     rbp, rax
                    test    rax, rax
                    jnz     .receive

                    mov     eax, close
                    mov     edi, ebx
                    syscall
                    ; on to read_response

            ; Takes the response apart, which ends at rbp: one line after the other until an empty one.
            read_response:
                    mov     byte [id], 0
                    lea     rsi, [response]
                    lea     rax, [rsi + 12]         ; "HTTP/1.1 200"
                    cmp     rbp, rax
                    jb      no_http
            .to_next_line:
                    cmp     rsi, rbp
                    jae     no_http
                    lodsb
                    cmp     al, 10
                    jne     .to_next_line
                    cmp     rsi, rbp
                    jae     no_http
                    cmp     byte [rsi], 13
                    je      .end
                    mov     rdx, rsi
                    lea     rdi, [id_name]
            .compare:
                    mov     cl, [rdi]
                    test    cl, cl
                    jz      .is_id
                    cmp     rdx, rbp
                    jae     no_http
                    mov     al, [rdx]
                    or      al, 20h                 ; a header's name comes in any case
                    cmp     al, cl
                    jne     .to_next_line
                    inc     rdx
                    inc     rdi
                    jmp     .compare
            .is_id:
                    mov     rsi, rdx
                    lea     rdi, [id]
                    lea     rdx, [id + ID_ROOM - 1]
            .copy:
                    cmp     rsi, rbp
                    jae     no_http
                    lodsb
                    cmp     al, ' '
                    je      .copy
                    cmp     al, 13
                    je      .copied
                    cmp     rdi, rdx
                    jae     no_http
                    stosb
                    jmp     .copy
            .copied:
                    mov     byte [rdi], 0
                    jmp     .to_next_line
            .end:
                    lea     rbx, [rsi + 2]
                    sub     rbp, rbx
                    jb      no_http
                    ret

            ; Sends rdx bytes at rsi to the socket ebx.
            send:
                    test    rdx, rdx
                    jz      .done
                    mov     eax, sendto
                    mov     edi, ebx
                    mov     r10d, MSG_NOSIGNAL      ; a broken connection is an error, not the end by a signal
                    xor     r8d, r8d
                    xor     r9d, r9d
                    syscall
                    cmp     rax, -EINTR
                    je      send
                    test    rax, rax
                    js      no_connection
                    add     rsi, rax
                    sub     rdx, rax
                    jmp     send
            .done:
                    ret

            ; Reads the authority, an IPv4 address in numbers and a port as Lambda gives them, into the address.
            read_address:
                    mov     word [address], AF_INET
                    mov     rsi, [authority]
                    lea     rdi, [address + 4]
                    lea     r8, [address + 8]
            .octet:
                    call    read_number
                    cmp     eax, 255
                    ja      no_address
                    stosb
                    cmp     rdi, r8
                    je      .port
                    cmp     dl, '.'
                    je      .octet
                    jmp     no_address
            .port:
                    cmp     dl, ':'
                    jne     no_address
                    call    read_number
                    test    dl, dl
                    jnz     no_address
                    cmp     eax, 65535
                    ja      no_address
                    xchg    al, ah                  ; the network's order of bytes
                    mov     [address + 2], ax
                    sub     rsi, [authority]
                    cmp     rsi, AUTHORITY_ROOM
                    ja      no_address
                    ret

            ; Gives back eax: the number at rsi; dl: the character after it, behind which rsi is.
            read_number:
                    xor     eax, eax
            .digit:
                    movzx   edx, byte [rsi]
                    inc     rsi
                    lea     ecx, [rdx - '0']
                    cmp     ecx, 9
                    ja      .done
                    imul    eax, eax, 10
                    add     eax, ecx
                    jmp     .digit
            .done:
                    ret

            ; Writing to rdi, which moves on

            begin_post:
                    lea     rdi, [request]
                    put     "POST ", PREFIX
                    ret

            put_invocation:
                    put     "invocation/"
                    lea     rsi, [id]
                    ; on to put_text

            ; The text at rsi, without the zero at its end.
            put_text:
                    lodsb
                    test    al, al
                    jz      .done
                    stosb
                    jmp     put_text
            .done:
                    ret

            ; rax in decimal.
            put_number:
                    mov     ecx, 10
                    xor     r8d, r8d
            .divide:
                    xor     edx, edx
                    div     rcx
                    add     edx, '0'
                    push    rdx
                    inc     r8d
                    test    rax, rax
                    jnz     .divide
            .digit:
                    pop     rax
                    stosb
                    dec     r8d
                    jnz     .digit
                    ret

            ; Ends

            no_authority:   die "AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`"
            no_address:     die "AWS_LAMBDA_RUNTIME_API is not an IPv4 address and a port"
            no_connection:  die "no connection with the Runtime API"
            no_event:       die "the Runtime API gave no event"
            no_http:        die "the Runtime API does not speak HTTP/1"
            too_large:      die "the event is too large"

            log_and_exit:
                    call    log
                    mov     eax, exit
                    mov     edi, 1
                    syscall

            ; Writes rdx bytes at rsi to the log.
            log:
                    mov     eax, write
                    mov     edi, 2
                    syscall
                    ret
            """#
    )
}
