/// AWS AppSync developer guide, "JavaScript resolver context object reference".
extension SampleService {
    static let appSync = SampleService(
        "appsync",
        "AWS AppSync",
        [
            SampleEvent(
                "resolver",
                "a field is resolved by the function directly",
                #"""
                {
                  "arguments": {"id": "swift-17"},
                  "identity": {
                    "claims": {
                      "sub": "1b2c3d4e-5f60-4718-892a-3b4c5d6e7f80",
                      "email_verified": true,
                      "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE01",
                      "phone_number_verified": false,
                      "cognito:username": "ornithologist",
                      "aud": "exampleclientid0123456789a",
                      "event_id": "0f9e8d7c-6b5a-4938-8271-605f4e3d2c1b",
                      "token_use": "id",
                      "auth_time": 1741944413,
                      "phone_number": "+15555550123",
                      "exp": 1741948013,
                      "iat": 1741944413,
                      "email": "ornithologist@example.com"
                    },
                    "defaultAuthStrategy": "ALLOW",
                    "groups": null,
                    "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE01",
                    "sourceIp": ["203.0.113.17"],
                    "sub": "1b2c3d4e-5f60-4718-892a-3b4c5d6e7f80",
                    "username": "ornithologist"
                  },
                  "source": null,
                  "request": {
                    "headers": {
                      "x-forwarded-for": "203.0.113.17, 198.51.100.4",
                      "cloudfront-viewer-country": "CH",
                      "cloudfront-is-tablet-viewer": "false",
                      "via": "2.0 example0123456789.cloudfront.net (CloudFront)",
                      "cloudfront-forwarded-proto": "https",
                      "origin": "https://swifts.example.com",
                      "content-length": "96",
                      "accept-language": "en",
                      "host": "exampleapi0123456789abcdef.appsync-api.us-east-1.amazonaws.com",
                      "x-forwarded-proto": "https",
                      "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0",
                      "accept": "*/*",
                      "cloudfront-is-mobile-viewer": "false",
                      "cloudfront-is-smarttv-viewer": "false",
                      "accept-encoding": "gzip, deflate, br",
                      "referer": "https://swifts.example.com/nests",
                      "content-type": "application/json",
                      "sec-fetch-mode": "cors",
                      "x-amz-cf-id": "EXAMPLE-cloudfront-request-id==",
                      "x-amzn-trace-id": "Root=1-67d3f2a0-0123456789abcdef01234567",
                      "authorization": "example.jwt.token",
                      "sec-fetch-dest": "empty",
                      "x-amz-user-agent": "aws-amplify/6.0.0",
                      "cloudfront-is-desktop-viewer": "true",
                      "sec-fetch-site": "cross-site",
                      "x-forwarded-port": "443"
                    }
                  },
                  "prev": null,
                  "info": {
                    "selectionSetList": ["id", "species", "ring"],
                    "selectionSetGraphQL": "{\n  id\n  species\n  ring\n}",
                    "parentTypeName": "Query",
                    "fieldName": "getBird",
                    "variables": {}
                  },
                  "stash": {}
                }
                """#
            )
        ]
    )
}
