/// The Amazon Resource Name of a function: `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]`.
package struct FunctionARN: Sendable, Hashable, CustomStringConvertible {
    package var region: String
    /// Twelve digits.
    package var accountID: String
    package var functionName: String
    /// A version or an alias; `nil` in an unqualified ARN.
    package var qualifier: String?

    package init(region: String, accountID: String, functionName: String, qualifier: String? = nil) {
        self.region = region
        self.accountID = accountID
        self.functionName = functionName
        self.qualifier = qualifier
    }

    package var description: String {
        let unqualified = "arn:aws:lambda:\(region):\(accountID):function:\(functionName)"
        return qualifier.map { unqualified + ":" + $0 } ?? unqualified
    }

    /// The account that stands in where no real one is known: AWS documentation's example account.
    package static let placeholderAccountID = "123456789012"
    /// The region where none is configured, as in SAM CLI.
    package static let defaultRegion = "us-east-1"
}
