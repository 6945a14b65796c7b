import Testing

@testable import ExecutionEnvironment

struct FunctionErrorTypeTests {
    @Test(arguments: [
        "Function.Oops", "Runtime.Oops", "Function.OopsAgain", "Runtime.AB", "Function.Ab",
    ])
    func keeps(value: String) {
        #expect(FunctionErrorType.validated(value, otherwise: "Function.Unknown") == value)
    }

    @Test(
        arguments: [
            nil, "", "Oops", "Function.", "Function.A", "Function.oops", "Runtime.Oops1", "Function.Oo ps",
            "Function.Oops\n",
            " Function.Oops", "function.Oops", "Extension.Oops", "Function.Oops.More", "Function.Öops", "Function.Oöps",
            "Runtime.[{", "Runtime.A`", "Runtime.A\u{C1}",
        ] as [String?]
    )
    func replaces(value: String?) {
        #expect(FunctionErrorType.validated(value, otherwise: "Function.Unknown") == "Function.Unknown")
    }
}
