package server

import (
	"fmt"
	"math"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// messageSize reports connections whose limits and those of the service's
// server do not go together.
func messageSize(pass *report.Pass) error {
	info := servers(pass)
	clients := info.Clients()
	if len(clients) == 0 {
		return nil
	}
	served := info.Served()
	for _, c := range clients {
		if !c.Options.Known() || pass.InTest(c.Dial.Pos()) {
			continue
		}
		send, recv := int64(0), int64(serving.DefaultSize)
		var sending, receiving *serving.Option
		sure := true
		for i := range c.Options.List {
			opt := &c.Options.List[i]
			sure = sure && !opt.Detail.Unsure && (opt.Sure || len(opt.Detail.Limits) == 0)
			for _, l := range opt.Detail.Limits {
				switch l.Name {
				case "MaxCallSendMsgSize":
					send, sending = l.Value, opt
				case "MaxCallRecvMsgSize":
					recv, receiving = l.Value, opt
				}
			}
		}
		if !sure {
			continue // not constant, or not always
		}
		for _, service := range c.Services {
			of := slices.DeleteFunc(slices.Clone(served), func(s serving.ServedLimit) bool { return s.Service != service })
			if len(of) == 0 {
				continue
			}
			server := of[0]
			name := say.Last(service)
			if sending != nil && send < math.MaxInt32 && !slices.ContainsFunc(of, func(s serving.ServedLimit) bool { return send <= s.Recv }) {
				reportSize(pass, &c, sending, service, &server,
					fmt.Sprintf("requests of more than %s fail: the client may send %s, and the server of %s takes less", size(server.Recv), size(send), name))
			}
			if !slices.ContainsFunc(of, func(s serving.ServedLimit) bool { return s.Send == 0 || s.Send >= math.MaxInt32 || s.Send <= recv }) {
				reportSize(pass, &c, receiving, service, &server,
					fmt.Sprintf("replies of more than %s fail: the server of %s may send %s, and the client takes less", size(recv), name, size(server.Send)))
			}
		}
	}
	return nil
}

func reportSize(pass *report.Pass, c *serving.Client, opt *serving.Option, service string, server *serving.ServedLimit, message string) {
	var at ssa.CallInstruction = c.Dial
	if opt != nil {
		at = opt.By()
	}
	expr := servers(pass).SSA().CallExpr(at)
	if expr == nil {
		return
	}
	f := finding.Finding{Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: service, Message: message}
	f.Related = []finding.Related{{Message: "its server", Remote: &server.At}}
	pass.Report("server/message-size", f)
}

// size prints a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
