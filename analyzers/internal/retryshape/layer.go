package retryshape

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/finding"
)

// A Layer tries an RPC again by itself, whatever is around it.
type Layer struct {
	Name     string         // "backoff.Retry", "the loop in save"
	Attempts int            // 0 if that is not known
	Codes    codeflow.Codes // that it tries again, and ends with at last
	At       finding.Remote
}

// layers finds the retries of one RPC that are inside of each other.
func (sh *shapes) layers(info *Info) {
	all := info.Retries()
	for _, s := range all {
		if codes := s.Retried & s.Ends & codeflow.Failures; codes != 0 && sh.repeated[s.Call] == nil {
			sh.repeated[s.Call] = &Layer{Name: s.by(), Attempts: s.Attempts, Codes: codes, At: sh.placeOf(s.Call)}
		}
	}
	for _, s := range all {
		s.Within = sh.layerOf(s.request)
		if s.Within != nil && s.Within.Codes&s.Retried == 0 {
			s.Within = nil // what is left over is not tried again
		}
		s.Around = sh.around(s)
	}
}

// by names what tries again, as seen from elsewhere.
func (s *Shape) by() string {
	switch {
	case s.Run != nil:
		return s.Run.Name
	case s.Func.Parent() != nil || s.Func.Name() == "":
		return "a loop"
	}
	return "the loop in " + s.Func.Name()
}

// layerOf is what the callee of a request does about its failures.
func (sh *shapes) layerOf(r *request.Request) *Layer {
	for ; r != nil; r = r.Inner {
		obj := program.CalledObject(&r.Call.Call)
		if told := sh.toldOf(obj); told != nil && r.RPC.At != nil {
			if repeats := told.Repeats.Of(obj); repeats != nil {
				for i := range *repeats {
					if repeated := &(*repeats)[i]; repeated.FullMethod == r.RPC.FullMethod {
						return &repeated.Layer
					}
				}
			}
		}
		if r.Inner != nil {
			if layer := sh.repeated[r.Inner.Call]; layer != nil {
				return layer
			}
		}
	}
	return nil
}

// around judges a loop around the call of a library that runs the shape's
// function again.
func (sh *shapes) around(s *Shape) *Layer {
	if s.Run == nil || s.Run.Call == s.Call || s.Run.marks != exceptFinal {
		return nil
	}
	call := s.Run.Call
	l, i := sh.Program.Innermost(call.Block()), codeflow.ErrorIndex(call.Call.Signature())
	if l == nil || i < 0 {
		return nil
	}
	err := program.Result(call, i)
	if err == nil {
		return nil
	}
	outer := sh.inLoop(&request.Request{Call: call, RPC: s.RPC, Err: err, Codes: codeflow.AllCodes}, l, nil)
	if outer == nil || outer.Poll() || outer.Attempts == 1 || outer.Retried&s.Retried&codeflow.Failures == 0 {
		return nil
	}
	if !sh.Same(s.request, request.Region{Fn: call.Parent(), Loop: l}) {
		return nil // the next item
	}
	return &Layer{Name: "this loop", Attempts: outer.Attempts, Codes: outer.Retried}
}

func (sh *shapes) placeOf(call *ssa.Call) finding.Remote {
	return finding.RemoteAt(sh.pass.Fset, sh.pass.Pkg.Path(), sh.Program.CallPos(call), token.NoPos)
}

// MiddlewareLayer reads options of go-grpc-middleware's retry interceptors:
// nil if they switch them off, or do not switch them on. sure says whether
// there are no others.
func MiddlewareLayer(p codeflow.Values, options []codeflow.Option) (layer *Layer, sure bool) {
	layer, sure = &Layer{Codes: codeflow.ResourceExhausted | codeflow.Unavailable}, true // DefaultRetriableCodes
	for _, o := range options {
		if o.Func == nil {
			sure = false
		}
		if o.Func == nil || !IsMiddlewareRetry(codeflow.PathOf(o.Func)) {
			continue
		}
		switch o.Name {
		case "WithMax":
			layer.Name, layer.Attempts = o.Func.Pkg().Name()+"."+o.Name, o.Int()
		case "WithCodes":
			set, ok := p.ListOfCodes(program.SignatureArg(o.Call, 0))
			if !ok {
				return nil, false
			}
			layer.Codes = set &^ (codeflow.Canceled | codeflow.DeadlineExceeded) // they are never tried again
		case "Disable":
			return nil, true
		case "WithRetriable":
			sure = false
		}
	}
	if layer.Attempts < 1 {
		return nil, sure // off, or not constant
	}
	return layer, sure
}
