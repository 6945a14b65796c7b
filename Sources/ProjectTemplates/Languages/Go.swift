extension ProjectTemplate {
    /// Go on its standard library.
    static let go = ProjectTemplate(
        title: "in Go, on the standard library alone",
        buildMethod: "go1.x",
        codeURI: ".",
        needs: "Go 1.19 or later",
        answer: #"{"message":"Hello, Apus!"}"#,
        files: [goHandler, goRuntime, goMain, goModule]
    )

    static let goHandler = ProjectFile(
        "handler.go",
        about: "your function",
        text: #"""
            package main

            import "context"

            // Event is what the function is invoked with.
            type Event struct {
            	Name string `json:"name"`
            }

            // Answer is what it gives back.
            type Answer struct {
            	Message string `json:"message"`
            }

            // setUp runs once, before the first event.
            func setUp() error {
            	return nil // open what every event needs here
            }

            // handle answers one event. The context ends when Lambda's time-out does.
            func handle(ctx context.Context, event Event) (Answer, error) {
            	name := event.Name
            	if name == "" {
            		name = "world"
            	}
            	return Answer{Message: "Hello, " + name + "!"}, nil
            }
            """#
    )

    static let goMain = ProjectFile(
        "main.go",
        about: "starts the runtime",
        text: #"""
            // A Lambda function on the standard library alone: handler.go is yours, runtime.go speaks with Lambda.
            package main

            import (
            	"fmt"
            	"os"
            )

            func main() {
            	authority := os.Getenv("AWS_LAMBDA_RUNTIME_API")
            	if authority == "" {
            		fmt.Fprintln(os.Stderr, "AWS_LAMBDA_RUNTIME_API is not set: Lambda starts this program, or `apus invoke`")
            		os.Exit(1)
            	}
            	if err := newRuntimeAPI(authority).run(); err != nil {
            		fmt.Fprintln(os.Stderr, "runtime:", err)
            		os.Exit(1)
            	}
            }
            """#
    )

    static let goModule = ProjectFile(
        "go.mod",
        about: "the module",
        text: #"""
            module hello

            go 1.19
            """#
    )
}
