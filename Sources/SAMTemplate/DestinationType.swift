/// What can take the record of an asynchronous invocation, in SAM's words.
///
/// Source: AWS SAM specification, `EventInvokeDestinationConfiguration`, `OnSuccess` and `OnFailure`.
enum DestinationType: String, CaseIterable {
    case sqs = "SQS"
    case sns = "SNS"
    case lambda = "Lambda"
    case eventBridge = "EventBridge"
    case bucket = "S3Bucket"

    /// - Parameter resourceType: CloudFormation's or SAM's.
    init?(resourceType: String) {
        switch resourceType {
        case "AWS::SQS::Queue": self = .sqs
        case "AWS::SNS::Topic": self = .sns
        case "AWS::Serverless::Function", "AWS::Lambda::Function": self = .lambda
        case "AWS::Events::EventBus": self = .eventBridge
        case "AWS::S3::Bucket": self = .bucket
        default: return nil
        }
    }

    /// An ARN for something whose real one only the cloud knows.
    func arn(_ name: String, region: String, accountID: String) -> String {
        switch self {
        case .sqs, .sns: "arn:aws:\(rawValue.lowercased()):\(region):\(accountID):\(name)"
        case .lambda: "arn:aws:lambda:\(region):\(accountID):function:\(name)"
        case .eventBridge: "arn:aws:events:\(region):\(accountID):event-bus/\(name)"
        case .bucket: "arn:aws:s3:::\(name)"
        }
    }
}
