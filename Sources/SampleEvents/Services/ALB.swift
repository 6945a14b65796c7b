/// Elastic Load Balancing user guide, "Use Lambda functions as targets".
extension SampleService {
    static let alb = SampleService(
        "alb",
        "Application Load Balancer",
        [
            SampleEvent(
                "request",
                "an HTTP request",
                [
                    .body, .init("method", "POST"), .path, .account, .init("dns-suffix", "us-east-2.elb.amazonaws.com"),
                ],
                #"""
                {
                  "requestContext": {
                    "elb": {
                      "targetGroupArn":
                        "arn:aws:elasticloadbalancing:us-east-2:${account-id}:targetgroup/swifts/0a1b2c3d4e5f6071"
                    }
                  },
                  "httpMethod": "${method}",
                  "path": "/${path}",
                  "queryStringParameters": {"query": "nest"},
                  "headers": {
                    "accept": "application/json",
                    "accept-encoding": "gzip",
                    "accept-language": "en",
                    "connection": "keep-alive",
                    "host": "swifts-1029384756.${dns-suffix}",
                    "upgrade-insecure-requests": "1",
                    "user-agent": "curl/8.5.0",
                    "x-amzn-trace-id": "Root=1-67d3f2a0-0123456789abcdef01234567",
                    "x-forwarded-for": "203.0.113.17",
                    "x-forwarded-port": "443",
                    "x-forwarded-proto": "https",
                    "x-imforwards": "20"
                  },
                  "body": "${body|base64}",
                  "isBase64Encoded": true
                }
                """#
            )
        ]
    )
}
