package serviceconfig

import (
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	checker "github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// known is what generated code tells of the methods that the configs of a
// package may be for: that of the package and all its imports, or of the
// direct ones only; nil if there is none. A program may import a part of a
// proto package only, so that none is known whole.
func known(pass *report.Pass, near bool) *checker.Methods {
	index := pass.ResultOf[stub.Analyzer].(*stub.Index)
	services := index.Services(near)
	if len(services) == 0 {
		return nil
	}
	called := calledServices(pass, index)
	methods := new(checker.Methods)
	for _, s := range services {
		service := checker.Service{Name: s.Name, Elsewhere: !called[s.Name]}
		for _, rpc := range s.RPCs {
			service.Methods = append(service.Methods, checker.Method{
				Name:         strings.TrimPrefix(rpc.FullMethod, "/"+s.Name+"/"),
				ClientStream: rpc.Description.ClientStreaming,
				ServerStream: rpc.Description.ServerStreaming,
				From:         "generated Go code",
				Verdict:      rpc.Verdict,
			})
		}
		methods.Add(service)
	}
	return methods
}

// calledServices returns the services of which the package makes clients.
func calledServices(pass *report.Pass, index *stub.Index) map[string]bool {
	called := make(map[string]bool)
	for _, used := range pass.TypesInfo.Uses {
		if fn, ok := used.(*types.Func); ok {
			if service := index.ServiceOf(fn); service != "" {
				called[service] = true
			}
		}
	}
	return called
}
