/// What CloudWatch Logs hands on: JSON, compressed by gzip, in base64.
enum LogData {
    /// Two lines of the log group /aws/lambda/swifts.
    static let lines =
        "H4sIAAAAAAACA6WQX2uDMBTFv4qEPQr5Y2xr34TZvnRP+lZkRL26gEnEpJNR/O67Xdnoy2Cw+xTOSX4n516JAe/VANXHBGRPnvMqf30p"
        + "yjI/FiQmbrEwo8xFItPNdpcxLlAe3XCc3WVCh6rF01GZplPUL7oP/u6XYQZl8IJgIqUsoVzS89Mpr4qyqtkPTzVtBz0+8ZfGt7Oegnb2"
        + "oMcAsyf7M7HgkVh/IYt3sOGmXonukMwef/W30204pgWNtYMy2IBvJc+klDxJd1n8vQ7Eh8VF90ZRqwxEb84AWeP/hYvfwjeMP4Y7C9EI"
        + "fYjUoLQla71+AjIKi6OqAQAA"

    /// What is sent now and then to see whether the receiver is there: no line of any log.
    static let healthCheck =
        "H4sIAAAAAAACAzWO0QqCMBiFX2XsWgLJKL0LUW8sIYUuQmLp3zbSTbaZhPjuzbTLj3M45xtxC1oTCsWnAxzgMDsXlyy9n6I8PyYRdrAc"
        + "BKg5aWRfD8RULJVU26CRNFGy72y2UG4UkHZB3T90pXhnuBQxbwwojYNb+etFbxBmxhHzeqkbbjUMae2Yu/dc3/M8d7s7+M5fbxa4pmjV"
        + "Q6tegEIG1YsLihiQxjAkn6i2S1yQ+RnFXAGTGjZ4KqcvNvSRhewAAAA="
}
