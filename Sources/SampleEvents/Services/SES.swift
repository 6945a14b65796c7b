/// Amazon SES developer guide, "Lambda function action: event".
extension SampleService {
    static let ses = SampleService(
        "ses",
        "Amazon Simple Email Service",
        [
            SampleEvent(
                "email-receiving",
                "an email came in",
                [.region, .partition, .account, .dnsSuffix],
                #"""
                {
                  "Records": [
                    {
                      "eventSource": "aws:ses",
                      "eventVersion": "1.0",
                      "ses": {
                        "mail": {
                          "commonHeaders": {
                            "date": "Fri, 14 Mar 2025 10:26:53 +0100",
                            "from": ["Ada Observer <ada@example.com>"],
                            "messageId": "<swifts-are-back@example.com>",
                            "returnPath": "ada@example.com",
                            "subject": "The swifts are back",
                            "to": ["sightings@example.org"]
                          },
                          "destination": ["sightings@example.org"],
                          "headers": [
                            {"name": "Return-Path", "value": "<ada@example.com>"},
                            {
                              "name": "Received",
                              "value": "from mail.example.com (mail.example.com [203.0.113.17]) by inbound-smtp.${dns-suffix} with SMTP id example0smtp0id for sightings@example.org; Fri, 14 Mar 2025 09:26:53 +0000 (UTC)"
                            },
                            {
                              "name": "DKIM-Signature",
                              "value": "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; h=from:to:subject:date; bh=EXAMPLE=; b=EXAMPLE="
                            },
                            {"name": "MIME-Version", "value": "1.0"},
                            {"name": "From", "value": "Ada Observer <ada@example.com>"},
                            {"name": "Date", "value": "Fri, 14 Mar 2025 10:26:53 +0100"},
                            {"name": "Message-ID", "value": "<swifts-are-back@example.com>"},
                            {"name": "Subject", "value": "The swifts are back"},
                            {"name": "To", "value": "sightings@example.org"},
                            {"name": "Content-Type", "value": "text/plain; charset=UTF-8"}
                          ],
                          "headersTruncated": false,
                          "messageId": "example0smtp0id",
                          "source": "ada@example.com",
                          "timestamp": "2025-03-14T09:26:53.589Z"
                        },
                        "receipt": {
                          "action": {
                            "functionArn": "arn:${partition}:lambda:${region}:${account-id}:function:Example",
                            "invocationType": "Event",
                            "type": "Lambda"
                          },
                          "dkimVerdict": {"status": "PASS"},
                          "processingTimeMillis": 314,
                          "recipients": ["sightings@example.org"],
                          "spamVerdict": {"status": "PASS"},
                          "spfVerdict": {"status": "PASS"},
                          "timestamp": "2025-03-14T09:26:53.589Z",
                          "virusVerdict": {"status": "PASS"}
                        }
                      }
                    }
                  ]
                }
                """#
            )
        ]
    )
}
