package server

import (
	"fmt"
	"time"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// leastTimeout: below, a pause of a network is the end of a connection.
const leastTimeout = time.Second

// keepaliveTimeout reports a wait for the answer to a ping that is too short,
// and one that is taken for the time between pings.
func keepaliveTimeout(pass *report.Pass) error {
	eachKeepaliveParams(pass, func(params keepaliveParams) {
		timeout := params.at(pass, "Timeout")
		if timeout == nil {
			return
		}
		f := finding.Finding{Pos: timeout.Pos(), End: timeout.End(), Subject: "Timeout"}
		d, ok := program.Duration(params["Timeout"].Value)
		_, between := params["Time"]
		switch {
		case !between:
			f.Message = "dead connections are found after 2h only: Timeout counts from a ping, and Time, which is not set, is between pings"
		case ok && d > 0 && d < leastTimeout:
			f.Message = fmt.Sprintf("clients on a slow network lose their connections: the server waits %s for the answer to a ping", say.Duration(d))
		default:
			return
		}
		pass.Report("server/keepalive-timeout", f)
	})
	return nil
}
