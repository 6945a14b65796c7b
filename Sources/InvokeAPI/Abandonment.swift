/// What a caller is told whose invocation no environment runs: as long as it has not been taken, that there is no room.
final class Abandonment {
    var error: LambdaAPIError

    init(_ error: LambdaAPIError) {
        self.error = error
    }
}
