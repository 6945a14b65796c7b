/// Amazon API Gateway developer guide: the input of Lambda proxy integrations (REST APIs), of integrations of HTTP APIs with
/// payload format 2.0, and of Lambda authorizers.
extension SampleService {
    static let apiGateway = SampleService(
        "apigateway",
        "Amazon API Gateway",
        [
            SampleEvent(
                "aws-proxy",
                "a request to a REST API",
                [
                    .body, .init("stage", "prod"), .init("method", "POST"), .init("resource", "/{proxy+}"), .path,
                    .account, .dnsSuffix,
                ],
                restRequest
            ),
            SampleEvent(
                "http-api-proxy",
                "a request to an HTTP API",
                [.body, .init("stage", "$default"), .init("method", "POST"), .path, .account, .dnsSuffix],
                httpRequest
            ),
            SampleEvent(
                "authorizer",
                "may the caller with this token in?",
                target(stage: "prod", method: "POST", resource: "{proxy+}", api: "example"),
                #"""
                {
                  "type": "TOKEN",
                  "authorizationToken": "example-caller-token",
                  "methodArn": "\#(methodARN)"
                }
                """#
            ),
            SampleEvent(
                "request-authorizer",
                "may the caller with this request in?",
                target(stage: "test", method: "GET", resource: "request", api: "abcdef123"),
                requestAuthorizer
            ),
        ]
    )

    private static func target(stage: String, method: String, resource: String, api: String) -> [SampleEvent.Option] {
        [
            .account, .partition, .region, .init("stage", stage), .init("method", method), .init("resource", resource),
            .init("restApiId", api),
        ]
    }

    private static let methodARN =
        "arn:${partition}:execute-api:${region}:${account-id}:${restApiId}/${stage}/${method}/${resource}"

    private static let certificate = #"""
        {
          "clientCertPem": "-----BEGIN CERTIFICATE-----\nEXAMPLE\n-----END CERTIFICATE-----\n",
          "subjectDN": "CN=ada.example.com",
          "issuerDN": "CN=Example CA",
          "serialNumber": "1a:2b:3c:4d:5e:6f",
          "validity": {"notBefore": "Mar  1 06:00:00 2025 GMT", "notAfter": "Mar  1 06:00:00 2027 GMT"}
        }
        """#

    private static let requestAuthorizer = #"""
        {
          "type": "REQUEST",
          "methodArn": "\#(methodARN)",
          "resource": "/${resource}",
          "path": "/${resource}",
          "httpMethod": "${method}",
          "headers": {
            "X-AMZ-Date": "20250314T092653Z",
            "Accept": "*/*",
            "HeaderAuth1": "headerValue1",
            "CloudFront-Viewer-Country": "CH",
            "CloudFront-Forwarded-Proto": "https",
            "CloudFront-Is-Tablet-Viewer": "false",
            "CloudFront-Is-Mobile-Viewer": "false",
            "User-Agent": "curl/8.5.0"
          },
          "queryStringParameters": {"QueryString1": "queryValue1"},
          "pathParameters": {},
          "stageVariables": {"StageVar1": "stageValue1"},
          "requestContext": {
            "path": "/${resource}",
            "accountId": "${account-id}",
            "resourceId": "n3s7b0",
            "stage": "${stage}",
            "requestId": "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b6a",
            "identity": {"apiKey": "example-api-key", "sourceIp": "203.0.113.17", "clientCert": \#(certificate)},
            "resourcePath": "/${resource}",
            "httpMethod": "${method}",
            "apiId": "${restApiId}"
          }
        }
        """#

    private static let httpRequest = #"""
        {
          "version": "2.0",
          "routeKey": "$default",
          "rawPath": "/${path}",
          "rawQueryString": "parameter1=one&parameter1=two&parameter2=three",
          "cookies": ["nest=attic", "eggs=2"],
          "headers": {"Header1": "one", "Header2": "two,three"},
          "queryStringParameters": {"parameter1": "one,two", "parameter2": "three"},
          "requestContext": {
            "accountId": "${account-id}",
            "apiId": "example0id",
            "authentication": {"clientCert": \#(certificate)},
            "authorizer": {
              "jwt": {"claims": {"claim1": "one", "claim2": "two"}, "scopes": ["nests/read", "nests/write"]}
            },
            "domainName": "example0id.execute-api.${dns-suffix}",
            "domainPrefix": "example0id",
            "http": {
              "method": "${method}",
              "path": "/${path}",
              "protocol": "HTTP/1.1",
              "sourceIp": "203.0.113.17",
              "userAgent": "curl/8.5.0"
            },
            "requestId": "EXAMPLEREQUESTID=",
            "routeKey": "$default",
            "stage": "${stage}",
            "time": "14/Mar/2025:09:26:53 +0000",
            "timeEpoch": 1741944413589
          },
          "body": "${body|base64}",
          "pathParameters": {"parameter1": "one"},
          "isBase64Encoded": true,
          "stageVariables": {"stageVariable1": "one", "stageVariable2": "two"}
        }
        """#

    /// The headers of a request by way of CloudFront, which a REST API hands on in two forms.
    private static let headers = [
        ("Accept", "application/json"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept-Language", "en"),
        ("Cache-Control", "max-age=0"),
        ("CloudFront-Forwarded-Proto", "https"),
        ("CloudFront-Is-Desktop-Viewer", "true"),
        ("CloudFront-Is-Mobile-Viewer", "false"),
        ("CloudFront-Is-SmartTV-Viewer", "false"),
        ("CloudFront-Is-Tablet-Viewer", "false"),
        ("CloudFront-Viewer-Country", "CH"),
        ("Host", "example0id.execute-api.${dns-suffix}"),
        ("Upgrade-Insecure-Requests", "1"),
        ("User-Agent", "curl/8.5.0"),
        ("Via", "2.0 example0123456789.cloudfront.net (CloudFront)"),
        ("X-Amz-Cf-Id", "EXAMPLE-cloudfront-request-id=="),
        ("X-Forwarded-For", "203.0.113.17, 198.51.100.4"),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    ]

    private static let restRequest = #"""
        {
          "body": "${body|base64}",
          "resource": "${resource}",
          "path": "/${path}",
          "httpMethod": "${method}",
          "isBase64Encoded": true,
          "queryStringParameters": {"foo": "nest"},
          "multiValueQueryStringParameters": {"foo": ["nest"]},
          "pathParameters": {"proxy": "/${path}"},
          "stageVariables": {"baz": "attic"},
          "headers": {\#(headers.map { #""\#($0)": "\#($1)""# }.joined(separator: ", "))},
          "multiValueHeaders": {\#(headers.map { #""\#($0)": ["\#($1)"]"# }.joined(separator: ", "))},
          "requestContext": {
            "accountId": "${account-id}",
            "resourceId": "n3s7b0",
            "stage": "${stage}",
            "requestId": "9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b6a",
            "requestTime": "14/Mar/2025:09:26:53 +0000",
            "requestTimeEpoch": 1741944413589,
            "identity": {
              "cognitoIdentityPoolId": null,
              "accountId": null,
              "cognitoIdentityId": null,
              "caller": null,
              "accessKey": null,
              "sourceIp": "203.0.113.17",
              "cognitoAuthenticationType": null,
              "cognitoAuthenticationProvider": null,
              "userArn": null,
              "userAgent": "curl/8.5.0",
              "user": null
            },
            "path": "/${stage}/${path}",
            "resourcePath": "${resource}",
            "httpMethod": "${method}",
            "apiId": "example0id",
            "protocol": "HTTP/1.1"
          }
        }
        """#
}
