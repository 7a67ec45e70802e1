package health

import (
	"fmt"
	"go/token"
	"path"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/configsite"
	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	checker "github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// unserved reports clients that ask for the health of what nobody tells them
// about.
func unserved(pass *report.Pass) error {
	if err := unchecked(pass); err != nil {
		return err
	}
	info := state(pass)
	tell(pass, info)
	if len(info.Asks) == 0 || !pass.ResultOf[stub.Analyzer].(*stub.Index).Complete {
		return nil // asks for nothing, or not all imports have told
	}
	own := len(info.Own.Asks)
	for i := range info.Asks {
		ask := &info.Asks[i]
		if i >= own && syntax.Main(pass.Pass) == nil {
			break // a program above knows more
		}
		judgeAsk(pass, info, ask)
	}
	return nil
}

// tell says, for configs in files, what the program tells of its services.
func tell(pass *report.Pass, info *healthstate.Info) {
	at := syntax.Main(pass.Pass)
	if at == nil || pass.InTest(at.Pos()) || !pass.ResultOf[stub.Analyzer].(*stub.Index).Complete {
		return
	}
	for _, service := range info.Services() {
		pass.Program.Health = append(pass.Program.Health, checker.ServedHealth{
			Service: service, Says: info.Says(service), Registers: info.Registers(),
		})
	}
}

// judgeAsk speaks of services that the program itself serves: of others it
// knows nothing.
func judgeAsk(pass *report.Pass, info *healthstate.Info, ask *healthstate.Ask) {
	if ask.Service == "" || !info.Serves(ask.Service) || info.Says(ask.Service) {
		return
	}
	f := finding.Finding{Pos: ask.Pos, End: ask.End, Subject: ask.Service}
	name := say.Last(ask.Service)
	if info.Registers() {
		f.Message = fmt.Sprintf("every RPC of this client fails with UNAVAILABLE: no health service ever says how %s is", name)
	} else {
		f.Message = fmt.Sprintf("health checking is silently off: the program that serves %s has no health service", name)
	}
	if !f.Pos.IsValid() {
		at := syntax.Main(pass.Pass)
		f.Pos, f.End = at.Pos(), at.End()
		f.Message = strings.Replace(f.Message, "this client", "a client of "+path.Base(ask.At.Package), 1)
		f.Related = []finding.Related{{Message: "asked for here", Remote: &ask.At}}
	}
	pass.Report("health/unserved", f)
}

// unchecked reports configs that ask for health checks which the balancer
// that they choose does not make.
func unchecked(pass *report.Pass) error {
	seen := make(map[token.Pos]bool)
	for _, site := range pass.ResultOf[configsite.Analyzer].([]configsite.Site) {
		for i := range site.Texts {
			t := &site.Texts[i]
			pos, _ := t.Range(0, len(t.Bytes))
			if !pos.IsValid() || seen[pos] {
				continue // an empty string, or one that several calls get
			}
			seen[pos] = true
			span := func(start, end int) (token.Pos, token.Pos) { return t.Range(start, end) }
			findings, err := checker.CheckSpans(span, t.Bytes, checker.Options{
				GRPCGo: pass.ResultOf[stub.Analyzer].(*stub.Index).Version, Dialect: checker.Runtime, OnlyGo: true,
			})
			if err != nil {
				continue // no JSON, which another rule says
			}
			for _, f := range findings {
				if f.Rule.ID != "health/unserved" || !f.Pos.IsValid() || f.Pos >= f.End {
					continue // another rule's, or it stands nowhere in the source
				}
				pass.Report(f.Rule.ID, f)
			}
		}
	}
	return nil
}
