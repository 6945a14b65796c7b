/// Amazon CloudFront developer guide, "Lambda@Edge event structure". The events are named after the guide's examples, and
/// each has the headers that its example looks at.
extension SampleService {
    static let cloudFront = SampleService(
        "cloudfront",
        "Amazon CloudFront (Lambda@Edge)",
        [
            SampleEvent(
                "ab-test",
                "a request with a cookie that tells the variant",
                target,
                request([agent, host, header("cookie", "Cookie", "variant=b")])
            ),
            SampleEvent(
                "access-request-in-response",
                "a response beside its request",
                target,
                record(
                    #"""
                    "request": {
                      "headers": {\#([host, user].joined(separator: ", "))},
                      "clientIp": "2001:db8::17", "uri": "${uri}", "method": "${method}"
                    },
                    "response": {
                      "status": "200", "statusDescription": "OK",
                      "headers": {\#(header("x-cache", "X-Cache", "Miss from cloudfront"))}
                    }
                    """#
                )
            ),
            SampleEvent("http-redirect", "a request to be redirected", target, request([agent, host])),
            SampleEvent(
                "modify-querystring",
                "a request whose query is to be changed",
                target,
                request([host, agent, user], query: "nest=attic&egg=2")
            ),
            SampleEvent(
                "modify-response-header",
                "a response whose headers are to be changed",
                record(
                    #"""
                    "response": {
                      "status": "200", "statusDescription": "OK",
                      "headers": {
                        \#(header("vary", "Vary", "*")),
                        \#(header("last-modified", "Last-Modified", "Fri, 14 Mar 2025 09:26:53 GMT")),
                        \#(header("x-amz-meta-last-modified", "X-Amz-Meta-Last-Modified", "2025-03-14"))
                      }
                    }
                    """#
                )
            ),
            SampleEvent(
                "multiple-remote-calls-aggregate-response",
                "a request that is answered from several sources",
                [.init("uri", "/forecast/Seattle:NewYork:Chicago:SanFrancisco"), .init("method", "GET")],
                request([host, agent])
            ),
            SampleEvent(
                "normalize-querystring-to-improve-cache-hit",
                "a request whose query is to be normalised",
                target,
                request([host, agent, user], query: "Size=Large&colour=Black")
            ),
            SampleEvent(
                "redirect-on-viewer-country",
                "a request with the viewer's country",
                target,
                request([host, header("cloudfront-viewer-country", "CloudFront-Viewer-Country", "CH")])
            ),
            SampleEvent(
                "redirect-unauthenticated-users",
                "a request without a session",
                target,
                record(
                    #"""
                    "request": {"uri": "${uri}", "method": "${method}", "querystring": "page=2", "headers": {\#(host)}}
                    """#
                )
            ),
            SampleEvent("response-generation", "a request that the function answers", target, request([host])),
            SampleEvent(
                "serve-object-on-viewer-device",
                "a request with the kind of the viewer's device",
                target,
                request([
                    host,
                    header("cloudfront-is-desktop-viewer", "CloudFront-Is-Desktop-Viewer", "true"),
                    header("cloudfront-is-mobile-viewer", "CloudFront-Is-Mobile-Viewer", "false"),
                    header("cloudfront-is-smarttv-viewer", "CloudFront-Is-SmartTV-Viewer", "false"),
                    header("cloudfront-is-tablet-viewer", "CloudFront-Is-Tablet-Viewer", "false"),
                ])
            ),
            SampleEvent(
                "simple-remote-call",
                "a request that asks another server",
                target,
                request([host, agent, user])
            ),
        ]
    )

    private static let target: [SampleEvent.Option] = [.init("uri", "/test"), .init("method", "GET")]

    private static let host = header("host", "Host", "d0123456789abc.cloudfront.net")
    private static let agent = header("user-agent", "User-Agent", "curl/8.5.0")
    private static let user = header("user-name", "User-Name", "ornithologist")

    private static func header(_ name: String, _ key: String, _ value: String) -> String {
        #""\#(name)": [{"key": "\#(key)", "value": "\#(value)"}]"#
    }

    private static func request(_ headers: [String], query: String? = nil) -> String {
        record(
            #"""
            "request": {
              "uri": "${uri}",
              \#(query.map { #""querystring": "\#($0)","# } ?? "")
              "method": "${method}", "clientIp": "2001:db8::17",
              "headers": {\#(headers.joined(separator: ", "))}
            }
            """#
        )
    }

    private static func record(_ content: String) -> String {
        #"{"Records": [{"cf": {"config": {"distributionId": "EXAMPLE0SWIFTS"}, \#(content)}}]}"#
    }
}
