internal import LambdaModel

/// The values of `AWS::Region` and its like. What only a deployed stack has gets a recognisable stand-in.
struct PseudoParameters {
    var region: String
    var accountID: String
    var stackName: String

    static let names = [
        "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
        "AWS::StackName", "AWS::URLSuffix",
    ]

    /// `nil` for a name that is not a pseudo parameter.
    func value(of name: String, at location: SourceLocation) -> TemplateValue? {
        switch name {
        case "AWS::AccountId": TemplateValue(.string(accountID), at: location)
        case "AWS::NoValue": TemplateValue(.null, at: location, origin: .noValue)
        case "AWS::NotificationARNs":
            TemplateValue(.list([]), at: location)
        case "AWS::Partition": TemplateValue(.string(partition), at: location)
        case "AWS::Region": TemplateValue(.string(region), at: location)
        case "AWS::StackId":
            TemplateValue(
                .string("arn:\(partition):cloudformation:\(region):\(accountID):stack/\(stackName)/local"),
                at: location
            )
        case "AWS::StackName": TemplateValue(.string(stackName), at: location)
        case "AWS::URLSuffix":
            TemplateValue(.string(partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"), at: location)
        default: nil
        }
    }

    private var partition: String {
        if region.hasPrefix("cn-") { return "aws-cn" }
        if region.hasPrefix("us-gov-") { return "aws-us-gov" }
        return "aws"
    }
}
