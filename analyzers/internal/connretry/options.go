package connretry

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
)

// codesNamed are the codes by their names in service configs.
func codesNamed(names []string) codeflow.Codes {
	var codes codeflow.Codes
	for i := range codeflow.NumCodes {
		if slices.Contains(names, configName(i)) {
			codes |= 1 << i
		}
	}
	return codes
}

// OfCall returns what the retry options beside an RPC ask the interceptor of
// its connection for, nil for a single attempt. listed reports whether there
// are such options, or may be.
func (i *Info) OfCall(call *ssa.Call) (layer *retryshape.Layer, listed bool) {
	v := codeflow.Values{Program: i.program}
	options := v.OptionCalls(call)
	layer, sure := retryshape.MiddlewareLayer(v, options)
	if layer == nil || !sure || layer.Attempts < 2 {
		layer = nil
	}
	return layer, slices.ContainsFunc(options, isMiddlewareOption)
}
