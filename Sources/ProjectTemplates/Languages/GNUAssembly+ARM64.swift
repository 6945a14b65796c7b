extension GNUAssembly {
    /// For AArch64.
    static let arm64 = GNUAssembly(
        name: "AArch64",
        check: #"""
            #ifndef __aarch64__
            #error "this is AArch64 assembly: write Architectures: [arm64] in template.yaml"
            #endif
            """#,
        handlerAbout: #"""
            // Your function, by the calling convention of C: arguments in x0 to x3; x19 to x28, the frame pointer x29 and the return address
            // x30 are the caller's. The C library can be called.
            """#,
        handlerCode: #"""
                    .text

            // Called once, before the first event.
            // Gives back x0: 0, or the address of a text that says why the function cannot work. Texts of errors end with a zero and hold no
            // quotes and no backslashes.
            set_up:
                    mov     x0, #0
                    ret

            // Answers one event. Both are JSON.
            // x0: the event; x1: its length; x2: where the answer goes; x3: the room there.
            // Gives back x0: the answer's length, or -1 and in x1 the address of a text that says why the invocation fails.
            handle:
                    cbz     x1, .Lcopy                      // white space at the end
                    sub     x4, x1, #1
                    ldrb    w5, [x0, x4]
                    cmp     w5, #' '
                    b.hi    .Lcopy
                    mov     x1, x4
                    b       handle
            .Lcopy:                                         // any JSON value is a part of a larger one as it stands, so it needs no parsing
                    add     x4, x1, #before_length + 1      // the answer's length
                    cmp     x4, x3
                    b.hi    .Ltoo_long
                    adrp    x5, before
                    add     x5, x5, :lo12:before
                    mov     x6, #before_length
            .Lbefore:
                    ldrb    w7, [x5], #1
                    strb    w7, [x2], #1
                    subs    x6, x6, #1
                    b.ne    .Lbefore
                    cbz     x1, .Lend
            .Levent:
                    ldrb    w7, [x0], #1
                    strb    w7, [x2], #1
                    subs    x1, x1, #1
                    b.ne    .Levent
            .Lend:
                    mov     w7, #'}'
                    strb    w7, [x2]
                    mov     x0, x4
                    ret
            .Ltoo_long:
                    mov     x0, #-1
                    adrp    x1, too_long
                    add     x1, x1, :lo12:too_long
                    ret

                    .section .note.GNU-stack, "", %progbits // no code on the stack
            """#,
        runtimeCode: #"""
                    .text

            // address REGISTER, SYMBOL: where the symbol is.
                    .macro  address register, symbol
                    adrp    \register, \symbol
                    add     \register, \register, :lo12:\symbol
                    .endm

            main:
                    stp     x29, x30, [sp, #-16]!           // the stack is a multiple of 16 at all times
                    mov     x29, sp
                    address x0, variable
                    bl      getenv
                    cbz     x0, no_authority
                    address x1, authority
                    str     x0, [x1]
                    bl      read_address

                    bl      set_up
                    cbz     x0, serve
                    mov     x2, x0
                    address x0, init_error
                    address x1, set_up_failed
                    bl      report
                    b       no_set_up

            serve:
                    address x0, get
                    address x1, next
                    address x2, nothing
                    mov     x4, #0
                    bl      exchange
                    cmp     w0, #200
                    b.ne    no_event
                    address x1, id
                    ldrb    w1, [x1]
                    cbz     w1, no_event

                    address x1, event
                    ldp     x0, x1, [x1]
                    address x2, answer
                    mov     x3, #BODY_ROOM
                    bl      handle
                    cmn     x0, #1
                    b.eq    .Lfailed
                    mov     x19, x0

                    address x0, answer_path
                    bl      set_path
                    address x0, post
                    address x1, path
                    address x2, nothing
                    address x3, answer
                    mov     x4, x19
                    bl      exchange
                    cmp     w0, #300
                    b.lo    serve
                    // Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
                    mov     w0, #2
                    address x2, event
                    ldp     x1, x2, [x2]
                    bl      write
                    b       serve
            .Lfailed:
                    mov     x19, x1
                    address x0, error_path
                    bl      set_path
                    address x0, path
                    address x1, failed
                    mov     x2, x19
                    bl      report
                    b       serve

            // Makes the path to the request out of the format x0.
            set_path:
                    mov     x2, x0
                    address x0, path
                    mov     x1, #TEXT_ROOM
                    address x3, id
                    b       snprintf

            // Posts an error to the path x0; x1: its type; x2: its message.
            report:
                    stp     x29, x30, [sp, #-48]!
                    mov     x29, sp
                    stp     x19, x20, [sp, #16]
                    str     x21, [sp, #32]
                    mov     x19, x0
                    mov     x20, x1
                    mov     x21, x2
                    address x0, header
                    mov     x1, #TEXT_ROOM
                    address x2, error_header
                    mov     x3, x20
                    bl      snprintf

                    address x0, answer
                    mov     x1, #BODY_ROOM
                    address x2, error_body
                    mov     x3, x20
                    mov     x4, x21
                    bl      snprintf

                    sxtw    x4, w0
                    address x0, post
                    mov     x1, x19
                    address x2, header
                    address x3, answer
                    ldr     x21, [sp, #32]
                    ldp     x19, x20, [sp, #16]
                    ldp     x29, x30, [sp], #48
                    // on to exchange

            // Sends a request. x0: the method; x1: the path; x2: a header of its own, or an empty text; x3: the body; x4: its length.
            // Gives back w0: the status. The response's body is in event, the request's id in id, empty without one.
            exchange:
                    stp     x29, x30, [sp, #-48]!
                    mov     x29, sp
                    stp     x19, x20, [sp, #16]             // the socket; the body
                    stp     x21, x22, [sp, #32]             // its length; the head's length, then the end of what has been received
                    mov     x20, x3
                    mov     x21, x4

                    mov     x7, x4
                    mov     x6, x2
                    mov     x4, x1
                    mov     x3, x0
                    address x5, authority
                    ldr     x5, [x5]
                    address x0, request
                    mov     x1, #REQUEST_ROOM
                    address x2, head_format
                    bl      snprintf
                    sxtw    x22, w0

                    mov     w0, #AF_INET
                    mov     w1, #SOCK_STREAM
                    mov     w2, #0
                    bl      socket
                    tbnz    w0, #31, no_connection
                    mov     w19, w0
                    address x1, api_address
                    mov     w2, #16
                    bl      connect
                    tbnz    w0, #31, no_connection

                    address x1, request
                    mov     x2, x22
                    bl      send_all
                    mov     x1, x20
                    mov     x2, x21
                    bl      send_all

                    address x22, response
            .Lreceive:
                    mov     w0, w19
                    mov     x1, x22
                    address x2, response + RESPONSE_ROOM
                    subs    x2, x2, x1
                    b.eq    too_large
                    bl      read
                    tbnz    x0, #63, no_connection
                    add     x22, x22, x0
                    cbnz    x0, .Lreceive
                    strb    wzr, [x22]
                    mov     w0, w19
                    bl      close

                    mov     x0, x22
                    ldp     x21, x22, [sp, #32]
                    ldp     x19, x20, [sp, #16]
                    ldp     x29, x30, [sp], #48
                    // on to read_response

            // Takes the response apart, which ends at x0. Gives back w0: its status.
            read_response:
                    stp     x29, x30, [sp, #-32]!
                    mov     x29, sp
                    str     x19, [sp, #16]
                    mov     x19, x0
                    address x0, response
                    address x1, end_of_head
                    bl      strstr
                    cbz     x0, no_http
                    strb    wzr, [x0], #4                   // the head ends with a zero
                    sub     x1, x19, x0
                    address x2, event
                    stp     x0, x1, [x2]

                    address x0, id
                    strb    wzr, [x0]
                    address x0, response
                    address x1, id_header
                    bl      strcasestr                      // a header's name comes in any case
                    cbz     x0, .Lstatus
                    address x1, id_format
                    address x2, id
                    bl      sscanf
            .Lstatus:
                    address x0, response
                    address x1, status_format
                    add     x2, sp, #24
                    bl      sscanf
                    cmp     w0, #1
                    b.ne    no_http
                    ldr     w0, [sp, #24]
                    ldr     x19, [sp, #16]
                    ldp     x29, x30, [sp], #32
                    ret

            // Sends x2 bytes at x1 to the socket w19.
            send_all:
                    stp     x29, x30, [sp, #-32]!
                    mov     x29, sp
                    stp     x20, x21, [sp, #16]
                    mov     x20, x1
                    mov     x21, x2
            .Lsend:
                    cbz     x21, .Lsent
                    mov     w0, w19
                    mov     x1, x20
                    mov     x2, x21
                    mov     w3, #MSG_NOSIGNAL
                    bl      send
                    tbnz    x0, #63, no_connection
                    add     x20, x20, x0
                    sub     x21, x21, x0
                    b       .Lsend
            .Lsent:
                    ldp     x20, x21, [sp, #16]
                    ldp     x29, x30, [sp], #32
                    ret

            // Reads the authority, an IPv4 address in numbers and a port as Lambda gives them, into the address.
            read_address:
                    stp     x29, x30, [sp, #-96]!           // then 64 bytes of host, the port, and what is behind it
                    mov     x29, sp
                    address x0, authority
                    ldr     x0, [x0]
                    bl      strlen
                    cmp     x0, #AUTHORITY_ROOM
                    b.hs    no_address
                    address x0, authority
                    ldr     x0, [x0]
                    address x1, address_format
                    add     x2, sp, #16
                    add     x3, sp, #80
                    add     x4, sp, #88
                    bl      sscanf
                    cmp     w0, #2
                    b.ne    no_address

                    address x2, api_address
                    mov     w0, #AF_INET
                    strh    w0, [x2]
                    ldr     w1, [sp, #80]
                    lsr     w3, w1, #16
                    cbnz    w3, no_address
                    rev16   w1, w1                          // the network's order of bytes
                    strh    w1, [x2, #2]
                    add     x1, sp, #16
                    add     x2, x2, #4
                    bl      inet_pton
                    cmp     w0, #1
                    b.ne    no_address
                    ldp     x29, x30, [sp], #96
                    ret

            // Ends: each writes a text to the log and ends the process.

                    .macro  end name, function, text
            \name:
                    .pushsection .rodata
            .Ltext\@:
                    .asciz  "\text"
                    .popsection
                    address x1, .Ltext\@
                    mov     w0, #1
                    bl      \function
                    .endm
            """#
    )
}
