import HTTPServer
import LambdaModel
import NIOCore

/// What the Telemetry API's calls mean for the environment.
extension ExecutionEnvironment {
    /// How long a shutdown waits for subscribers to take what there is for them.
    static let flushLimit = TimeAmount.milliseconds(500)

    func extensionSubscribes(
        _ identifier: String,
        _ body: ByteBuffer,
        _ api: TelemetryAPIKind,
        _ exchange: HTTPExchange
    ) {
        guard let entry = lifecycle.extensions.entry(identifier) else {
            return RuntimeAPI.refuse(exchange, with: .unknownExtension(identifier))
        }
        do throws(APIRefusal) {
            guard lifecycle.isInitializing else { throw .subscriptionClosed(api) }
            let subscription = try TelemetrySubscription(json: Array(body.readableBytesView), api: api)
            let result = try telemetry.subscribe(subscription, name: entry.name)
            exchange.respond(.ok, body: ByteBuffer(string: JSONText.quoted(result.rawValue))) {
                $0.add("Content-Type", fixed: "application/json")
            }
            if result == .subscribed { tell(of: subscription, by: entry.name) }
        } catch {
            RuntimeAPI.refuse(exchange, with: error)
        }
    }

    private func tell(of subscription: TelemetrySubscription, by name: String) {
        let types = TelemetrySubscription.Stream.allCases.filter(subscription.streams.contains).map(\.rawValue)
        let record = LogRecord.SubscriptionRecord(
            name: name,
            types: types,
            isOfLogsAPI: subscription.api == .logs
        )
        perform([.log(.subscription(record))])
    }

    /// Delivers what there is; the lifecycle goes on when that is done or will not be.
    func flushTelemetry() {
        // The runtime has ended by now, or is being killed.
        runtimeOutputEnded()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        telemetry.flush(within: Self.flushLimit) {
            let environment = bound.value
            environment.performNow(environment.lifecycle.telemetryFlushed(at: environment.clock.now()))
        }
    }
}
