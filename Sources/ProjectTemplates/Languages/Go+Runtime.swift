extension ProjectTemplate {
    static let goRuntime = ProjectFile(
        "runtime.go",
        about: "speaks with Lambda: asks for events, sends answers and errors",
        text: #"""
            package main

            import (
            	"bytes"
            	"context"
            	"encoding/json"
            	"fmt"
            	"io"
            	"net/http"
            	"os"
            	"runtime/debug"
            	"strconv"
            	"time"
            )

            // maximumBody bounds what is read of a response; Lambda's own limit of an event is 6 MB.
            const maximumBody = 8 << 20

            // runtimeAPI is Lambda's Runtime API: a server beside the function that hands out events and takes answers.
            type runtimeAPI struct {
            	base   string
            	client *http.Client
            }

            func newRuntimeAPI(authority string) *runtimeAPI {
            	return &runtimeAPI{
            		base: "http://" + authority + "/2018-06-01/runtime",
            		// Neither a proxy nor a time-out: an environment may wait for hours for its next event.
            		client: &http.Client{Transport: &http.Transport{}},
            	}
            }

            // run serves events until Lambda ends the process. An error of the Runtime API's ends it too: Lambda starts a new one.
            func (api *runtimeAPI) run() error {
            	if err := setUp(); err != nil {
            		if reportErr := api.report("/init/error", "Function.SetUpFailed", err, nil); reportErr != nil {
            			return reportErr
            		}
            		return fmt.Errorf("setting up: %w", err)
            	}
            	for {
            		if err := api.serveOne(); err != nil {
            			return err
            		}
            	}
            }

            func (api *runtimeAPI) serveOne() error {
            	status, header, event, err := api.call(http.MethodGet, "/invocation/next", nil, nil)
            	if err != nil {
            		return err
            	}
            	id := header.Get("Lambda-Runtime-Aws-Request-Id")
            	if status != http.StatusOK || id == "" {
            		return fmt.Errorf("the Runtime API gave no event: %d", status)
            	}

            	answer, stack, err := invoke(header, event)
            	if err != nil {
            		return api.report("/invocation/"+id+"/error", "Function.Failed", err, stack)
            	}
            	status, _, receipt, err := api.call(http.MethodPost, "/invocation/"+id+"/response", nil, answer)
            	if err == nil && status >= 300 {
            		// Lambda says why it takes no answer (413: too large) and tells the caller; the next event is no worse for it.
            		fmt.Fprintf(os.Stderr, "runtime: %d %s\n", status, receipt)
            	}
            	return err
            }

            // invoke calls the handler. A panic fails this invocation, not the process.
            func invoke(header http.Header, body []byte) (answer []byte, stack []string, err error) {
            	defer func() {
            		if problem := recover(); problem != nil {
            			err = fmt.Errorf("panic: %v", problem)
            			for _, line := range bytes.Split(bytes.TrimSpace(debug.Stack()), []byte("\n")) {
            				stack = append(stack, string(line))
            			}
            		}
            	}()
            	ctx := context.Background()
            	if milliseconds, err := strconv.ParseInt(header.Get("Lambda-Runtime-Deadline-Ms"), 10, 64); err == nil {
            		limited, cancel := context.WithDeadline(ctx, time.UnixMilli(milliseconds))
            		defer cancel()
            		ctx = limited
            	}
            	var event Event
            	if err := json.Unmarshal(body, &event); err != nil {
            		return nil, nil, fmt.Errorf("the event is not as expected: %w", err)
            	}
            	result, err := handle(ctx, event)
            	if err != nil {
            		return nil, nil, err
            	}
            	answer, err = json.Marshal(result)
            	return answer, nil, err
            }

            // report tells Lambda what went wrong; path says in which phase.
            func (api *runtimeAPI) report(path, kind string, problem error, stack []string) error {
            	body, err := json.Marshal(map[string]any{
            		"errorType": kind, "errorMessage": problem.Error(), "stackTrace": append([]string{}, stack...),
            	})
            	if err != nil {
            		return err
            	}
            	_, _, _, err = api.call(http.MethodPost, path, http.Header{"Lambda-Runtime-Function-Error-Type": {kind}}, body)
            	return err
            }

            // call makes one request over a connection that is kept.
            func (api *runtimeAPI) call(method, path string, header http.Header, body []byte) (int, http.Header, []byte, error) {
            	request, err := http.NewRequest(method, api.base+path, bytes.NewReader(body))
            	if err != nil {
            		return 0, nil, nil, err
            	}
            	if header != nil {
            		request.Header = header
            	}
            	request.Header.Set("Content-Type", "application/json")
            	response, err := api.client.Do(request)
            	if err != nil {
            		return 0, nil, nil, err
            	}
            	defer response.Body.Close()
            	content, err := io.ReadAll(io.LimitReader(response.Body, maximumBody+1))
            	if err == nil && len(content) > maximumBody {
            		err = fmt.Errorf("%s: more than %d bytes", path, maximumBody)
            	}
            	return response.StatusCode, response.Header, content, err
            }
            """#
    )
}
