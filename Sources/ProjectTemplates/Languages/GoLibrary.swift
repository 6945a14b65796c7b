extension ProjectTemplate {
    /// Go on aws-lambda-go.
    static let goLibrary = ProjectTemplate(
        title: "in Go, on [aws-lambda-go](https://github.com/aws/aws-lambda-go)",
        buildMethod: "go1.x",
        codeURI: ".",
        needs: "Go 1.19 or later, and the network when it is built for the first time",
        answer: #"{"message":"Hello, Apus!"}"#,
        files: [goLibraryHandler, goLibraryMain, goLibraryModule, goLibrarySums]
    )

    static let goLibraryHandler = ProjectFile(
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

            // handle answers one event. The context ends when Lambda's time-out does, and lambdacontext.FromContext reads it.
            func handle(ctx context.Context, event Event) (Answer, error) {
            	name := event.Name
            	if name == "" {
            		name = "world"
            	}
            	return Answer{Message: "Hello, " + name + "!"}, nil
            }
            """#
    )

    static let goLibraryMain = ProjectFile(
        "main.go",
        about: "hands it to the library",
        text: #"""
            // A Lambda function on AWS's library for Go.
            package main

            import "github.com/aws/aws-lambda-go/lambda"

            func main() {
            	lambda.Start(handle)
            }
            """#
    )

    static let goLibraryModule = ProjectFile(
        "go.mod",
        about: "the module and its dependency",
        text: #"""
            module hello

            go 1.19

            require github.com/aws/aws-lambda-go v1.47.0
            """#
    )

    static let goLibrarySums = ProjectFile(
        "go.sum",
        about: "the dependency's hashes",
        text: #"""
            github.com/aws/aws-lambda-go v1.47.0 h1:0H8s0vumYx/YKs4sE7YM0ktwL2eWse+kfopsRI1sXVI=
            github.com/aws/aws-lambda-go v1.47.0/go.mod h1:dpMpZgvWx5vuQJfBt0zqBha60q7Dd7RfgJv23DymV8A=
            """#
    )
}
