/// Progress of a build. Events of several functions come interleaved, those of one function in order.
package enum BuildEvent: Sendable, Hashable {
    /// Another build of the same project runs; this one waits for its end.
    case waiting
    case started(logicalID: String)
    /// The template names no method; the file `because` decided for this one.
    case detected(logicalID: String, method: String, because: String)
    /// A line that a build tool wrote, without its line break; overlong lines come in pieces.
    case output(logicalID: String, line: String)
    case warning(logicalID: String, message: String)
    /// Sources, method, tools' environment and artifact are as they were: nothing was done.
    case cached(logicalID: String)
    case finished(logicalID: String, duration: Duration)
    case failed(logicalID: String)
    /// It was ended because another one failed or the whole build was cancelled.
    case cancelled(logicalID: String)
}
