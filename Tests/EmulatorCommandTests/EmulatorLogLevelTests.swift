import Testing

@testable import EmulatorCommand

struct EmulatorLogLevelTests {
    @Test(
        arguments: [
            ("trace", .debug), ("debug", .debug), ("Info", .info), ("WARN", .warning), ("warning", .warning),
            ("error", .error), ("fatal", .error), ("panic", .error), ("", nil), ("loud", nil), ("5", nil),
        ] as [(String, EmulatorLogLevel?)]
    )
    func names(name: String, level: EmulatorLogLevel?) {
        #expect(EmulatorLogLevel(name) == level)
    }

    @Test(
        arguments: [
            (nil, nil, .info), (nil, "debug", .debug), (.error, "debug", .error), (nil, "verbose", .info),
            (.debug, nil, .debug),
        ] as [(EmulatorLogLevel?, String?, EmulatorLogLevel)]
    )
    func theOptionComesBeforeTheVariable(
        option: EmulatorLogLevel?,
        variable: String?,
        expected: EmulatorLogLevel
    ) {
        #expect(EmulatorLogLevel.chosen(option: option, variable: variable) == expected)
    }
}
