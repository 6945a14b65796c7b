import HTTPServer
import LambdaModel
import NIOCore
import NIOHTTP1

/// What the Extensions API's calls mean for the environment.
extension ExecutionEnvironment {
    func extensionRegisters(_ body: ByteBuffer, _ exchange: HTTPExchange) {
        let headers = exchange.head.headers
        let identifier = RequestIdentifier.random()
        do throws(APIRefusal) {
            guard let name = headers.first(name: ExtensionsAPI.nameHeader), !name.isEmpty else {
                throw .invalidExtensionName
            }
            let registration = try ExtensionRegistration(json: Array(body.readableBytesView))
            let actions = try lifecycle.extensionRegistered(
                name: name,
                events: registration.events,
                identifier: identifier,
                at: clock.now()
            )
            let features = headers[canonicalForm: "Lambda-Extension-Accept-Feature"]
            answerRegistration(exchange, identifier, tellsAccount: features.contains { $0 == "accountId" })
            perform(actions)
        } catch {
            RuntimeAPI.refuse(exchange, with: error)
        }
    }

    private func answerRegistration(_ exchange: HTTPExchange, _ identifier: String, tellsAccount: Bool) {
        let function = configuration.function
        let body = JSONText.object([
            ("functionName", JSONText.quoted(function.name)),
            ("functionVersion", JSONText.quoted(function.version)),
            ("handler", JSONText.quoted(function.handler)),
            ("accountId", tellsAccount ? JSONText.quoted(function.accountID) : nil),
        ])
        exchange.respond(.ok, body: ByteBuffer(string: body)) {
            $0.add("Content-Type", fixed: "application/json")
            $0.add("Lambda-Extension-Identifier", identifier)
        }
    }

    func extensionAsksNext(_ identifier: String, _ exchange: HTTPExchange) {
        do throws(APIRefusal) {
            let (delivery, actions) = try lifecycle.extensionAskedNext(identifier, at: clock.now())
            if let delivery {
                answer(exchange, with: delivery)
            } else {
                wait(identifier, exchange)
            }
            perform(actions)
        } catch {
            RuntimeAPI.refuse(exchange, with: error)
        }
    }

    private func wait(_ identifier: String, _ exchange: HTTPExchange) {
        waitingExtensions[identifier] = exchange
        let bound = NIOLoopBound((self, exchange), eventLoop: eventLoop)
        exchange.onConnectionLost = {
            let (environment, exchange) = bound.value
            guard environment.waitingExtensions[identifier] === exchange else { return }
            environment.waitingExtensions[identifier] = nil
            environment.lifecycle.extensionHungUp(identifier)
        }
    }

    /// An extension reports an error and should end then.
    func extensionReports(
        _ report: ExtensionReport,
        type: String,
        _ identifier: String,
        _ exchange: HTTPExchange
    ) {
        do throws(APIRefusal) {
            let actions = try lifecycle.extensionReported(report, type: type, identifier, at: clock.now())
            waitingExtensions.removeValue(forKey: identifier)?.abort()
            // First: what follows may kill it.
            RuntimeAPI.accept(exchange)
            perform(actions)
        } catch {
            RuntimeAPI.refuse(exchange, with: error)
        }
    }

    // MARK: Events

    func deliver(_ delivery: ExtensionDelivery, to identifier: String) {
        guard let exchange = waitingExtensions.removeValue(forKey: identifier) else { return }
        answer(exchange, with: delivery)
    }

    private func answer(_ exchange: HTTPExchange, with delivery: ExtensionDelivery) {
        let body: String
        switch delivery {
        case .invoke(let deadline):
            // The invocation that it belongs to is over only when this extension has asked again.
            guard let current else { return exchange.abort() }
            body = ExtensionEventJSON.invoke(current.request, deadlineMilliseconds: epochMilliseconds(of: deadline))
        case .shutdown(let reason, let deadline):
            body = ExtensionEventJSON.shutdown(reason, deadlineMilliseconds: epochMilliseconds(of: deadline))
        }
        exchange.respond(.ok, body: ByteBuffer(string: body)) {
            $0.add("Content-Type", fixed: "application/json")
            $0.add("Lambda-Extension-Event-Identifier", RequestIdentifier.random())
        }
    }

    /// A deadline by the wall clock, in milliseconds since 1970.
    func epochMilliseconds(of deadline: NIODeadline) -> Int64 {
        clock.epochMilliseconds() + (deadline - clock.now()).nanoseconds / 1_000_000
    }

    func dropWaitingExtensions() {
        let waiting = waitingExtensions.values
        waitingExtensions = [:]
        for exchange in waiting { exchange.abort() }
    }
}
