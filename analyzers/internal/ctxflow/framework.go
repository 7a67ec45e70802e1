package ctxflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// A Framework gives contexts without a deadline to the functions that it runs.
type Framework uint8

// Frameworks.
const (
	NoFramework Framework = iota
	CommandLine           // urfave/cli: the field Context of a *cli.Context
	Controllers           // controller-runtime: the context of a reconciliation
	Managers              // controller-runtime: that of what a manager runs
)

const (
	commandPath    = "github.com/urfave/cli"
	controllerPath = "sigs.k8s.io/controller-runtime"
	reconcilePath  = controllerPath + "/pkg/reconcile"
	managerPath    = controllerPath + "/pkg/manager"
)

// A handover is what a package has to do with frameworks that give contexts.
type handover struct {
	writes bool                   // contexts of its own, to those of commands
	runs   map[*ssa.Function]bool // by a manager
}

// handover looks at the package once.
func (f *follower) handover() *handover {
	if f.handed != nil {
		return f.handed
	}
	f.handed = &handover{runs: make(map[*ssa.Function]bool)}
	for instr := range f.Instructions {
		switch instr := instr.(type) {
		case *ssa.Store:
			f.handed.writes = f.handed.writes || isCommandField(instr.Addr)
		case *ssa.MakeInterface:
			if isOf(instr.Type(), managerPath, "Runnable") {
				if fn := f.startOf(instr.X); fn != nil {
					f.handed.runs[fn] = true
				}
			}
		}
	}
	return f.handed
}

// startOf returns what a manager runs of a value: a function, or the method Start.
func (f *follower) startOf(v ssa.Value) *ssa.Function {
	if converted, ok := v.(*ssa.ChangeType); ok {
		return place.Literal(converted.X)
	}
	obj, _, _ := types.LookupFieldOrMethod(v.Type(), false, f.pass.Pkg, "Start")
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	return f.Pkg.Prog.FuncValue(fn)
}

// givenBy returns the root that a parameter is if a framework calls the function.
func (f *follower) givenBy(src source) *Root {
	if src.result > 0 {
		return nil
	}
	fn := src.param.Parent()
	if obj, ok := fn.Object().(*types.Func); ok && !f.reconcilesInTime && isReconcile(obj) {
		return f.givenRoot(src.param, Controllers, src.param.Name())
	}
	if importsBelow(f.pass.Pkg, managerPath) && f.handover().runs[fn] {
		return f.givenRoot(src.param, Managers, src.param.Name())
	}
	return nil
}

// isReconcile: the method that controller-runtime calls again and again.
func isReconcile(fn *types.Func) bool {
	sig := fn.Signature()
	return fn.Name() == "Reconcile" && sig.Recv() != nil && sig.Params().Len() == 2 && sig.Results().Len() == 2 &&
		isOf(sig.Params().At(1).Type(), reconcilePath, "Request") && isOf(sig.Results().At(0).Type(), reconcilePath, "Result")
}

// isOf: t is a named type of a package.
func isOf(t types.Type, path, name string) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == path
}

// isCommandContext: a read of what urfave/cli puts into the field Context before
// it runs a command: Background unless the program has given it another. A
// package that writes the field has one of its own.
func (f *follower) isCommandContext(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	return ok && isCommandField(load.X) && !f.handover().writes
}

func isCommandField(v ssa.Value) bool {
	addr, ok := v.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	field := program.FieldOf(addr.X.Type(), addr.Field)
	return field.Name() == "Context" && field.Pkg() != nil && versionless(field.Pkg().Path()) == commandPath
}

// givenRoot gives every root that a framework makes one identity.
func (f *follower) givenRoot(v ssa.Value, by Framework, name string) *Root {
	r := f.given[v]
	if r == nil {
		r = &Root{Is: name, In: funcName(v.Parent()), Given: by, Remote: finding.RemoteAt(f.pass.Fset, f.pass.Pkg.Path(), v.Pos(), v.Pos())}
		if obj, ok := v.Parent().Object().(*types.Func); ok {
			r.In = funckey.Of(obj)
		}
		f.given[v] = r
	}
	return r
}

// reconcilesInTime: a package may give reconciliations a deadline, by an option
// of the manager or of a controller, or in a reconciler around others.
func reconcilesInTime(pass *analysis.Pass) bool {
	if !importsBelow(pass.Pkg, controllerPath) || strings.HasPrefix(pass.Pkg.Path(), controllerPath) {
		return false
	}
	for id, obj := range pass.TypesInfo.Uses {
		switch obj := obj.(type) {
		case *types.Var:
			if obj.IsField() && obj.Name() == "ReconciliationTimeout" && !testcode.Is(pass, id.Pos()) {
				return true
			}
		case *types.Func:
			called := isReconcile(obj) || obj.Name() == "Reconcile" && obj.Pkg() != nil && obj.Pkg().Path() == reconcilePath
			if called && !testcode.Is(pass, id.Pos()) {
				return true
			}
		}
	}
	return false
}

// importsBelow: a package imports another, or one below it.
func importsBelow(pkg *types.Package, path string) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == path || strings.HasPrefix(p.Path(), path+"/")
	})
}
