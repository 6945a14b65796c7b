import Testing

@testable import FunctionPool

struct ConcurrencyLimitTests {
    /// Somebody with invocations that wait for room, as a pool is.
    private final class Crowd {
        let name: String
        let limit: ConcurrencyLimit
        var waiting: Int
        let log: Log

        final class Log { var lines: [String] = [] }

        init(_ name: String, of waiting: Int, at limit: ConcurrencyLimit, _ log: Log) {
            (self.name, self.waiting, self.limit, self.log) = (name, waiting, limit, log)
            standInLine()
        }

        private func standInLine() {
            guard waiting > 0 else { return }
            limit.whenRoom {
                guard !self.limit.isClosed else {
                    self.log.lines.append("\(self.name) refused")
                    return
                }
                self.waiting -= 1
                self.limit.began()
                self.log.lines.append(self.name)
                self.standInLine()
            }
        }
    }

    /// One that runs ends, and its room is given to the next.
    private func pass(_ limit: ConcurrencyLimit) {
        limit.ended()
        limit.giveOut()
    }

    @Test func theInnermostBinds() {
        let account = ConcurrencyLimit(3)
        let function = ConcurrencyLimit(1, parent: account)
        #expect(function.room == .free)
        function.began()
        #expect((function.room, account.room) == (.taken, .free))
        account.began()
        account.began()
        #expect((account.running, account.room) == (3, .taken))
        function.ended()
        #expect((function.room, account.running) == (.free, 2))
    }

    @Test func theOuterBindsToo() {
        let account = ConcurrencyLimit(1)
        let function = ConcurrencyLimit(5, parent: account)
        account.began()
        #expect(function.room == .taken)
        account.ended()
        #expect(function.room == .free)
    }

    @Test func nobodyOvertakesTheLine() {
        let limit = ConcurrencyLimit(1)
        limit.began()
        let crowd = Crowd("a", of: 1, at: limit, .init())
        limit.ended()
        #expect((limit.room, limit.hasPlace) == (.contested, true))
        limit.giveOut()
        #expect((limit.room, crowd.waiting) == (.taken, 0))
    }

    @Test func crowdsTakeTurns() {
        let (limit, log) = (ConcurrencyLimit(1), Crowd.Log())
        limit.began()
        let crowds = [Crowd("a", of: 4, at: limit, log), Crowd("b", of: 2, at: limit, log)]
        for _ in 0..<6 { pass(limit) }
        #expect(log.lines == ["a", "b", "a", "b", "a", "a"])
        #expect(crowds.allSatisfy { $0.waiting == 0 })
    }

    /// Two versions of one function together have as many turns as another function.
    @Test func limitsTakeTurns() {
        let (account, log) = (ConcurrencyLimit(1), Crowd.Log())
        let function = ConcurrencyLimit(9, parent: account)
        account.began()
        _ = [Crowd("f1", of: 2, at: function, log), Crowd("f2", of: 2, at: function, log)]
        _ = Crowd("g", of: 4, at: account, log)
        pass(account)
        for _ in 0..<7 { pass(log.lines.last == "g" ? account : function) }
        #expect(log.lines == ["f1", "g", "f2", "g", "f1", "g", "f2", "g"])
        #expect((account.running, function.running, account.hasLine, function.hasLine) == (1, 0, false, false))
    }

    @Test func aFullLimitWithinDoesNotHoldUpTheLine() {
        let (account, log) = (ConcurrencyLimit(2), Crowd.Log())
        let function = ConcurrencyLimit(1, parent: account)
        function.began()
        account.began()
        _ = Crowd("f", of: 1, at: function, log)
        _ = Crowd("g", of: 1, at: account, log)
        pass(account)
        #expect(log.lines == ["g"])
        pass(function)
        #expect(log.lines == ["g", "f"])
    }

    @Test func aHigherLimitLetsThoseWhoWaitBegin() {
        let (account, log) = (ConcurrencyLimit(1), Crowd.Log())
        let function = ConcurrencyLimit(1, parent: account)
        function.began()
        _ = Crowd("f", of: 3, at: function, log)
        function.setLimit(9)
        #expect(log.lines.isEmpty)
        account.setLimit(3)
        #expect(log.lines == ["f", "f"])
        #expect((account.running, function.running) == (3, 3))
        account.setLimit(0)
    }

    @Test func aLowerLimitWaitsForTheEnds() {
        let (limit, log) = (ConcurrencyLimit(3), Crowd.Log())
        for _ in 0..<3 { limit.began() }
        _ = Crowd("a", of: 2, at: limit, log)
        limit.setLimit(1)
        pass(limit)
        pass(limit)
        #expect((limit.running, log.lines) == (1, []))
        pass(limit)
        #expect((limit.running, log.lines) == (1, ["a"]))
        limit.setLimit(0)
    }

    @Test func aClosedLimitSendsAwayWhoWaits() {
        let (account, log) = (ConcurrencyLimit(1), Crowd.Log())
        let function = ConcurrencyLimit(2, parent: account)
        account.began()
        _ = [Crowd("f", of: 1, at: function, log), Crowd("f2", of: 1, at: function, log)]
        _ = Crowd("g", of: 1, at: account, log)
        account.setLimit(0)
        #expect(log.lines.sorted() == ["f refused", "f2 refused", "g refused"])
        #expect((function.room, account.room, account.hasLine) == (.never, .never, false))
    }

    @Test func oneThatHasGoneAwayCostsNobodyTheTurn() {
        let limit = ConcurrencyLimit(1)
        limit.began()
        limit.whenRoom {}
        let log = Crowd.Log()
        _ = Crowd("a", of: 1, at: limit, log)
        pass(limit)
        #expect(log.lines == ["a"])
    }

    /// Whatever comes, in whatever order: never more than the limits allow, and nobody is forgotten.
    @Test func neverTooManyAndNobodyForgotten() {
        for _ in 0..<200 {
            let log = Crowd.Log()
            let account = ConcurrencyLimit(.random(in: 1...4))
            let limits = [ConcurrencyLimit(.random(in: 1...3), parent: account), account]
            var running: [ConcurrencyLimit] = []
            var crowds: [Crowd] = []
            /// Those who have had their turn run now.
            func note() {
                running += log.lines.map { limits[$0 == "f" ? 0 : 1] }
                log.lines = []
            }
            for _ in 0..<100 {
                let index = Int.random(in: 0...1)
                if Bool.random() {
                    if limits[index].hasRoom {
                        limits[index].began()
                        running.append(limits[index])
                    } else {
                        crowds.append(Crowd(index == 0 ? "f" : "g", of: .random(in: 1...3), at: limits[index], log))
                    }
                } else if let ending = running.indices.randomElement() {
                    pass(running.remove(at: ending))
                }
                note()
                #expect(limits.allSatisfy { $0.running <= $0.limit })
            }
            while let last = running.popLast() {
                pass(last)
                note()
            }
            #expect(crowds.allSatisfy { $0.waiting == 0 })
            #expect(limits.allSatisfy { $0.running == 0 && !$0.hasLine })
        }
    }
}
