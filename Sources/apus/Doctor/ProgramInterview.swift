#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Asks many programs at once, each in a process group of its own, and waits for none longer than the limit.
struct ProgramInterview {
    /// Milliseconds; what has not answered then is ended.
    static let limit: Int64 = 2_000
    /// Bytes of an answer that are kept.
    private static let outputLimit = 16 << 10

    private struct Conversation {
        var question: ProgramQuestion
        var process: pid_t
        /// -1 when its end has been reached.
        var descriptor: Int32
        var output: [UInt8] = []
    }

    /// - Parameter variables: the environment of the programs.
    static func ask(_ questions: Set<ProgramQuestion>, variables: [String: String]) -> [ProgramQuestion: ProgramAnswer]
    {
        var answers: [ProgramQuestion: ProgramAnswer] = [:]
        var conversations: [Conversation] = []
        let environment = CStrings(variables.map { $0.key + "=" + $0.value })
        for question in questions {
            do throws(SystemError) {
                conversations.append(try start(question, environment))
            } catch {
                answers[question] = .notStarted(errno: error.code)
            }
        }
        let deadline = now() + limit
        listen(to: &conversations, until: deadline)
        for conversation in conversations { answers[conversation.question] = end(conversation, deadline) }
        return answers
    }

    private struct SystemError: Error {
        var code: Int32
    }

    // MARK: Starting

    private static func start(_ question: ProgramQuestion, _ environment: CStrings) throws(SystemError) -> Conversation
    {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError(code: errno) }
        defer { close(ends[1]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        var process: pid_t = 0
        let arguments = CStrings([question.path] + question.arguments)
        let error = spawn(&process, question.path, output: ends[1], arguments, environment)
        guard error == 0 else {
            close(ends[0])
            throw SystemError(code: error)
        }
        return Conversation(question: question, process: process, descriptor: ends[0])
    }

    private static func spawn(
        _ process: inout pid_t,
        _ path: String,
        output: Int32,
        _ arguments: CStrings,
        _ environment: CStrings
    ) -> Int32 {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        return posix_spawn(&process, path, &actions, &attributes, arguments.pointers, environment.pointers)
    }

    // MARK: Listening

    private static func listen(to conversations: inout [Conversation], until deadline: Int64) {
        while true {
            let open = conversations.indices.filter { conversations[$0].descriptor >= 0 }
            let left = deadline - now()
            guard !open.isEmpty, left > 0 else { return }
            var requests = open.map { pollfd(fd: conversations[$0].descriptor, events: Int16(POLLIN), revents: 0) }
            let count = poll(&requests, nfds_t(requests.count), Int32(left))
            guard count >= 0 || errno == EINTR else { return }
            for (index, request) in zip(open, requests) where request.revents != 0 { hear(&conversations[index]) }
        }
    }

    private static func hear(_ conversation: inout Conversation) {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        let count = read(conversation.descriptor, &chunk, chunk.count)
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
        guard count > 0 else {
            close(conversation.descriptor)
            conversation.descriptor = -1
            return
        }
        conversation.output += chunk.prefix(min(count, outputLimit - conversation.output.count))
    }

    // MARK: Ending

    /// The program's end, and that of whatever it has started.
    private static func end(_ conversation: Conversation, _ deadline: Int64) -> ProgramAnswer {
        var status: Int32 = 0
        var ended = waitpid(conversation.process, &status, WNOHANG)
        // Its output has ended, so the program is about to.
        while ended == 0, conversation.descriptor < 0, now() < deadline {
            usleep(200)
            ended = waitpid(conversation.process, &status, WNOHANG)
        }
        _ = kill(-conversation.process, SIGKILL)
        if conversation.descriptor >= 0 { close(conversation.descriptor) }
        guard ended == conversation.process else {
            while waitpid(conversation.process, &status, 0) < 0, errno == EINTR {}
            return .silent
        }
        return status == 0 ? .output(String(decoding: conversation.output, as: UTF8.self)) : .failed
    }

    /// Milliseconds of the monotonic clock.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// An array of C strings with the null pointer at its end, for as long as the value lives.
private final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
        count = texts.count
        pointers = .allocate(capacity: count + 1)
        for (index, text) in texts.enumerated() { pointers[index] = strdup(text) }
        pointers[count] = nil
    }

    deinit {
        for index in 0..<count { free(pointers[index]) }
        pointers.deallocate()
    }
}
