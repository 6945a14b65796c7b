/// A client of asynchronous invocations in Python: many connections, and a note of every event that got its 202.
enum EventClient {
    /// Arguments: port, round, number of events, number of connections, file for the ids of accepted events, functions. An
    /// event's number says which function gets it, one after the other.
    ///
    /// An id is in the file as soon as its 202 has been read, and before the next event is sent. Ends when all are sent or
    /// nobody listens any more.
    static let source = #"""
        import http.client, os, sys, threading
        port, round, count, connections, path = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
        functions = sys.argv[6:]
        out = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        codes = {}

        def send(first):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                for number in range(first, count, connections):
                    name = f"{round}-{number}"
                    function = functions[number % len(functions)]
                    connection.request("POST", f"/2015-03-31/functions/{function}/invocations", f'{{"event":"{name}"}}',
                                       {"X-Amz-Invocation-Type": "Event"})
                    answer = connection.getresponse()
                    answer.read()
                    codes[answer.status] = codes.get(answer.status, 0) + 1
                    if answer.status == 202:
                        os.write(out, (name + "\n").encode())
            except OSError:
                pass
            except http.client.HTTPException:
                pass

        threads = [threading.Thread(target=send, args=(n,)) for n in range(connections)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(codes)
        """#
}
