/// AWS Step Functions developer guide, "Handling errors": what a Catch hands to its next state.
extension SampleService {
    static let stepFunctions = SampleService(
        "stepfunctions",
        "AWS Step Functions",
        [
            SampleEvent(
                "error",
                "an error that a state machine caught",
                [.init("error", "ErrorName"), .init("cause", "This is the cause of the error.")],
                #"{"Error": "${error}", "Cause": "${cause}"}"#
            )
        ]
    )
}
