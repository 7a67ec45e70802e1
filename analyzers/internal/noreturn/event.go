package noreturn

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Loggers of zerolog end the process when an event is sent that was made by
// Fatal:
//
//	log.Fatal().Err(err).Msg("cannot listen")
const zerolog = "github.com/rs/zerolog"

// makesFatal: a function or method that begins such an event.
func makesFatal(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Name() != "Fatal" && fn.Name() != "Panic" {
		return false
	}
	return fn.Pkg().Path() == zerolog || fn.Pkg().Path() == zerolog+"/log"
}

// sends: a method that sends an event, of whatever kind.
func sends(fn *types.Func) bool {
	switch fn.Name() {
	case "Msg", "Msgf", "MsgFunc", "Send":
		return fn.Pkg() != nil && fn.Pkg().Path() == zerolog
	}
	return false
}

// fatalEvent: the receiver of a call is made by Fatal.
func (b *body) fatalEvent(call *ast.CallExpr) bool {
	for {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		if call, ok = ast.Unparen(sel.X).(*ast.CallExpr); !ok {
			return false
		}
		if makesFatal(b.callee(call)) {
			return true
		}
	}
}

// EndsEvent reports whether a call sends an event that ends the process.
func EndsEvent(call *ssa.Call) bool {
	method := func(call *ssa.Call) *types.Func {
		if fn := call.Call.StaticCallee(); fn != nil {
			obj, _ := fn.Object().(*types.Func)
			return obj
		}
		return nil
	}
	if fn := method(call); fn == nil || !sends(fn) {
		return false
	}
	for range 20 {
		if len(call.Call.Args) == 0 {
			return false
		}
		event, ok := call.Call.Args[0].(*ssa.Call)
		if !ok {
			return false
		}
		if makesFatal(method(event)) {
			return true
		}
		call = event
	}
	return false
}
