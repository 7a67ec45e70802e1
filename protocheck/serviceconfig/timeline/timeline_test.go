package timeline_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/timeline"
)

const config = `{
  "methodConfig": [
    {
      "name": [{"service": "shop.v1.Orders"}],
      "timeout": "5s",
      "retryPolicy": {
        "maxAttempts": 9,
        "initialBackoff": "1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE", "ABORTED", "UNAVAILABLE"]
      }
    },
    {
      "name": [{"service": "shop.v1.Orders", "method": "Get"}, {}],
      "waitForReady": true,
      "maxRequestMessageBytes": 1024
    },
    {"name": [{"service": "shop.v1.Zero"}], "timeout": "0s"},
    {"name": [{"service": "shop.v1.Negative"}], "timeout": "-1s"}
  ],
  "retryThrottling": {"maxTokens": 7, "tokenRatio": 0.1}
}`

func read(t *testing.T, opts serviceconfig.Options) *serviceconfig.Config {
	t.Helper()
	c, err := serviceconfig.Read([]byte(config), opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestText(t *testing.T) {
	tests := []struct {
		name, method string
		opts         serviceconfig.Options
		want         string
	}{
		{"of a service", "shop.v1.Orders/List", serviceconfig.Options{}, `
shop.v1.Orders/List
  entry      that of service shop.v1.Orders, line 4
             replaces the default for all methods, line 15, which has waitForReady true, maxRequestMessageBytes 1024
  deadline   5s for all attempts together, or the context's if that is earlier
  retries    upon UNAVAILABLE, ABORTED
             5 attempts at most, not 9
  throttle   3 failures in a row are retried from a full bucket of 7 tokens; a success puts back 0.1

  attempt  backoff  starts, if those before fail at once
  1                 0s
  2        1s       0.8s to 1.2s
  3        2s       2.4s to 3.6s
  4        2s       4s to 6s             possibly after the deadline
  5        2s       5.6s to 8.4s         after the deadline
`},
		{"with full jitter", "shop.v1.Orders/List", serviceconfig.Options{GRPCGo: "1.69.0", MaxCallAttempts: 6}, `
shop.v1.Orders/List
  entry      that of service shop.v1.Orders, line 4
             replaces the default for all methods, line 15, which has waitForReady true, maxRequestMessageBytes 1024
  deadline   5s for all attempts together, or the context's if that is earlier
  retries    upon UNAVAILABLE, ABORTED
             6 attempts at most, not 9
  throttle   3 failures in a row are retried from a full bucket of 7 tokens; a success puts back 0.1

  attempt  backoff  starts, if those before fail at once
  1                 0s
  2        1s       0s to 1s
  3        2s       0s to 3s
  4        2s       0s to 5s             possibly after the deadline
  5        2s       0s to 7s             throttled
  6        2s       0s to 9s             throttled
`},
		{"of its own", "/shop.v1.Orders/Get", serviceconfig.Options{}, `
shop.v1.Orders/Get
  entry      its own, line 15
             replaces that of service shop.v1.Orders, line 4, which has timeout 5s, retryPolicy
             replaces the default for all methods, line 15, which has waitForReady true, maxRequestMessageBytes 1024
  deadline   none but the context's
  connection waited for (waitForReady)
  requests   up to 1024 bytes
  retries    none
`},
		{"without retries", "shop.v1.Orders", serviceconfig.Options{DisableRetry: true}, `
Methods of shop.v1.Orders without an entry of their own
  entry      that of service shop.v1.Orders, line 4
             replaces the default for all methods, line 15, which has waitForReady true, maxRequestMessageBytes 1024
  deadline   5s for all attempts together, or the context's if that is earlier
  retries    none: retries are disabled by grpc.WithDisableRetry
`},
		{"0", "shop.v1.Zero/A", serviceconfig.Options{}, `
shop.v1.Zero/A
  entry      that of service shop.v1.Zero, line 19
             replaces the default for all methods, line 15, which has waitForReady true, maxRequestMessageBytes 1024
  deadline   0s: every RPC ends with DEADLINE_EXCEEDED before it is sent
  retries    none
`},
		{"negative", "shop.v1.Negative/A", serviceconfig.Options{}, `
shop.v1.Negative/A
  entry      that of service shop.v1.Negative, line 20
             replaces the default for all methods, line 15, which has waitForReady true, maxRequestMessageBytes 1024
  deadline   none but the context's: the timeout is negative
  retries    none
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			if err := timeline.Text(&b, timeline.Of(read(t, test.opts).Method(test.method))); err != nil {
				t.Fatal(err)
			}
			if got := "\n" + b.String(); got != test.want {
				t.Errorf("got%s\nwant%s", got, test.want)
			}
		})
	}
}

func TestNoEntry(t *testing.T) {
	c, err := serviceconfig.Read([]byte("{}"), serviceconfig.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := timeline.Text(&b, timeline.Of(c.Method("a.B/C"))); err != nil || !strings.Contains(b.String(), "none: grpc-go's defaults apply") {
		t.Errorf("%v, %s", err, b.String())
	}
}

func TestRefused(t *testing.T) {
	for config, want := range map[string]string{
		"{":                                    "no JSON: it ends in the middle of a value",
		"{\n\"methodConfig\": 1}":              "line 2: grpc-go refuses the config: methodConfig is a list, this is 1",
		`{"methodConfig":[{"timeout":"1ms"}]}`: `line 1: grpc-go refuses the config: "1ms" is no duration, "0.001s" is`,
	} {
		if _, err := serviceconfig.Read([]byte(config), serviceconfig.Options{}); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", config, err, want)
		}
	}
}

func TestSVG(t *testing.T) {
	c := read(t, serviceconfig.Options{})
	for _, method := range append(c.Names(), "a.B/C", `<&">`, "\x00\xff\x1b") {
		tl := timeline.Of(c.Method(method))
		var b strings.Builder
		if err := timeline.SVG(&b, tl); err != nil {
			t.Fatal(err)
		}
		bars := 0
		decoder := xml.NewDecoder(strings.NewReader(b.String()))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", method, err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "rect" {
				bars++
			}
		}
		if bars != len(tl.Attempts)+1 { // one is the background
			t.Errorf("%q: %d bars for %d attempts", method, bars-1, len(tl.Attempts))
		}
		if strings.Contains(b.String(), "deadline 5s") != (tl.Deadline > 0) {
			t.Errorf("%q: the deadline is drawn is %v", method, tl.Deadline == 0)
		}
	}
}
