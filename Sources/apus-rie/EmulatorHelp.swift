import EmulatorCommand

/// What `apus-rie --help` says.
enum EmulatorHelp {
    static let text = """
        OVERVIEW: Stand in for aws-lambda-rie: serve one function for an image.

        EXAMPLES
          apus-rie /var/task/bootstrap app.handler
          apus-rie --runtime-interface-emulator-address 127.0.0.1:9000 ./bootstrap
          curl -d '{}' http://127.0.0.1:9000/2015-03-31/functions/function/invocations

        Without a command, the bootstrap is looked for in /var/task, /opt and /var/runtime.
        AWS_LAMBDA_FUNCTION_TIMEOUT, _NAME, _VERSION, _MEMORY_SIZE and _HANDLER describe the function.

        USAGE: apus-rie [<options>] [--] [<program> [<argument> ...] [<handler>]]

        OPTIONS, also taken behind the program (not behind --):
          --runtime-interface-emulator-address <host:port>
                                  Where invocations are taken. (default: \(EmulatorArguments.defaultFrontDoorAddress))
          --runtime-api-address <host:port>
                                  Where the Runtime API listens. (default: \(EmulatorArguments.defaultRuntimeAPIAddress))
          --log-level <level>     debug, info, warn, error, fatal or panic. (default: $LOG_LEVEL, else info)
          --enable-init-caching   Accepted as in RIE, without effect.

        OPTIONS, only before the program:
          --version               Show the version.
          -h, --help              Show help information.

        """
}
