import LambdaModel
import SampleEvents
import Testing

/// The table of services and events.
@Suite struct SampleServiceTests {
    static let events = SampleService.all.flatMap { service in service.events.map { (service.name, $0.name) } }

    @Test func thereAre26ServicesWith68Events() {
        let names = SampleService.all.map(\.name)
        #expect(names == names.sorted())
        #expect(Set(names).count == 26)
        #expect(Self.events.count == 68)
    }

    @Test(arguments: events) func isJSONWithNothingLeftToFill(_ service: String, _ event: String) throws {
        let event = try #require(SampleService.named(service)?.event(named: event))
        let text = try event.document().indentedText
        try JSONSyntax.validate(Array(text.utf8))
        #expect(!text.contains("${") && !text.contains("$json"), "\(text)")
        #expect(Set(event.options.map(\.name)).count == event.options.count)
    }

    /// Each option changes the event, and no value breaks it.
    @Test(arguments: events) func everyOptionHasItsPlace(_ service: String, _ event: String) throws {
        let event = try #require(SampleService.named(service)?.event(named: event))
        let plain = try event.document().text
        for option in event.options {
            let text = try event.document([option.name: #""}\n\#u{7}é"#]).text
            #expect(text != plain, "\(option.name)")
            try JSONSyntax.validate(Array(text.utf8))
        }
    }

    @Test func aConfigRulesEventIsADocumentInside() throws {
        let event = try SampleLookup.event("item-change-notification", of: SampleLookup.service("config"))
        let document = try event.document(["account-id": #"a"b"#])
        let inner = try JSONValue(json: Array(#require(document["invokingEvent"]?.stringValue).utf8))
        #expect(inner["configurationItem"]?["awsAccountId"]?.stringValue == #"a"b"#)
    }
}
