// A client of the Runtime API on the standard library alone.
package main

import (
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
)

func main() {
	invocation := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(invocation + "next")
		if err != nil {
			panic(err)
		}
		event, err := io.ReadAll(next.Body)
		if err != nil {
			panic(err)
		}
		next.Body.Close()
		id := next.Header.Get("Lambda-Runtime-Aws-Request-Id")
		answer := `{"language":"go","machine":"` + runtime.GOARCH + `","event":` + string(event) + `}`
		sent, err := http.Post(invocation+id+"/response", "application/json", strings.NewReader(answer))
		if err != nil {
			panic(err)
		}
		sent.Body.Close()
	}
}
