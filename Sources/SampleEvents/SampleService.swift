/// A service of AWS with its events, under the name that the command line has for it.
package struct SampleService: Sendable {
    package let name: String
    /// As AWS calls it.
    package let title: String
    /// Sorted by name.
    package let events: [SampleEvent]

    init(_ name: String, _ title: String, _ events: [SampleEvent]) {
        self.name = name
        self.title = title
        self.events = events.sorted { $0.name < $1.name }
    }

    package func event(named name: String) -> SampleEvent? {
        events.first { $0.name == name }
    }

    /// All of them, sorted by name: the services and events for which SAM CLI has samples.
    package static let all: [SampleService] = [
        alb, alexaSkillsKit, alexaSmartHome, apiGateway, appSync, batch, cloudFormation, cloudFront, cloudWatch,
        codeCommit,
        codePipeline, cognito, config, connect, dynamoDB, kinesis, lex, lexV2, rekognition, s3, sageMaker, ses, sns,
        sqs,
        stepFunctions, workMail,
    ]

    package static func named(_ name: String) -> SampleService? {
        all.first { $0.name == name }
    }
}
