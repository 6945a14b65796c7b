/// The parts of both files that have no instructions, or those of macros.
extension GNUAssembly {
    static let handlerData = #"""
                .globl  set_up, handle

                .section .rodata
        before: .ascii  "{\"message\":\"Hello from GNU assembly\",\"event\":"
                .set    before_length, . - before
        too_long:
                .asciz  "the answer has no room"
        """#

    static let runtimeAbout = #"""
        // The runtime: asks Lambda's Runtime API for an event, has it handled, sends the answer, and so on until Lambda ends the
        // process. An error on the way to the Runtime API ends it, and Lambda starts a new one.
        //
        // Written on the C library, which is linked statically. Each request is HTTP/1.0 on a connection of its own, so that the end
        // of the connection is the end of the response and there are no chunks. No signal has a handler here, so no call is
        // interrupted.
        """#

    static let runtimeData = #"""
                .globl  main

                .set    AF_INET, 2
                .set    SOCK_STREAM, 1
                .set    MSG_NOSIGNAL, 0x4000            // a broken connection is an error, not the end by a signal

                .set    BODY_ROOM, 8 << 20              // Lambda's own limit of events and answers is 6 MB
                .set    RESPONSE_ROOM, BODY_ROOM + (64 << 10)
                .set    AUTHORITY_ROOM, 64
                .set    ID_ROOM, 128                    // as in id_format
                .set    TEXT_ROOM, 256
                .set    REQUEST_ROOM, 1024

                .section .rodata
        variable:       .asciz  "AWS_LAMBDA_RUNTIME_API"
        address_format: .asciz  "%63[0-9.]:%u%c"
        head_format:    .ascii  "%s /2018-06-01/runtime/%s HTTP/1.0\r\nHost: %s\r\nContent-Type: application/json\r\n"
                        .asciz  "%sContent-Length: %zu\r\n\r\n"
        end_of_head:    .asciz  "\r\n\r\n"
        status_format:  .asciz  "HTTP/1.%*1[01] %3u"
        id_header:      .asciz  "\r\nLambda-Runtime-Aws-Request-Id:"
        id_format:      .asciz  " %*[^:]: %127[^\r]"
        error_header:   .asciz  "Lambda-Runtime-Function-Error-Type: %s\r\n"
        error_body:     .asciz  "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}"
        get:            .asciz  "GET"
        post:           .asciz  "POST"
        next:           .asciz  "invocation/next"
        answer_path:    .asciz  "invocation/%s/response"
        error_path:     .asciz  "invocation/%s/error"
        init_error:     .asciz  "init/error"
        set_up_failed:  .asciz  "Function.SetUpFailed"
        failed:         .asciz  "Function.Failed"
        nothing:        .asciz  ""

                .bss
                .balign 16
        authority:      .skip   8                       // address of the text host:port
        api_address:    .skip   16                      // the same as a sockaddr_in
        id:             .skip   ID_ROOM                 // of the request
        event:          .skip   8                       // the body of a response, and its length
        event_length:   .skip   8
        path:           .skip   TEXT_ROOM
        header:         .skip   TEXT_ROOM
        request:        .skip   REQUEST_ROOM            // a request's head
        answer:         .skip   BODY_ROOM
        response:       .skip   RESPONSE_ROOM + 1       // a zero at the end
        """#

    /// What each `end`, a macro of the architecture's, writes to the log.
    static let runtimeEnds = #"""
                end     no_set_up, errx, "set_up failed"
                end     no_authority, errx, "AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`"
                end     no_address, errx, "AWS_LAMBDA_RUNTIME_API is not an IPv4 address and a port"
                end     no_connection, err, "no connection with the Runtime API"
                end     no_event, errx, "the Runtime API gave no event"
                end     no_http, errx, "the Runtime API does not speak HTTP/1"
                end     too_large, errx, "the event is too large"

                .section .note.GNU-stack, "", %progbits // no code on the stack
        """#
}
