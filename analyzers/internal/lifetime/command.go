package lifetime

import (
	"go/types"
	"slices"
)

// commands are the bodies that run only for a command that does not last:
// all, but for those that may run for somebody else, and what these use.
func (s *survey) commands() []span {
	other := make(map[*body]bool)
	var work []*body
	add := func(b *body) {
		if !other[b] {
			other[b] = true
			work = append(work, b)
		}
	}
	for _, b := range s.bodies {
		if b.mayServeOthers() {
			add(b)
		}
	}
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		for fn := range b.uses {
			if used := s.declared[fn]; used != nil && !used.command {
				add(used)
			}
		}
	}
	var spans []span
	for _, b := range s.bodies {
		if !other[b] {
			spans = append(spans, span{b.node.Pos(), b.node.End()})
		}
	}
	return spans
}

// mayServeOthers: the body itself may run for somebody else than a command.
func (b *body) mayServeOthers() bool {
	if b.command {
		return b.lasts()
	}
	// An exported function may have other callers, and one that nobody calls,
	// or only itself, says nothing.
	return b.fn == nil || b.fn.Exported() || !slices.ContainsFunc(b.usedBy, func(user *body) bool { return user != b })
}

// IsCommand reports whether a command line runs a function, by what it is
// given: the command, or its arguments.
func IsCommand(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		t := p.Type()
		if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
			t = ptr.Elem()
		}
		named, ok := types.Unalias(t).(*types.Named)
		if !ok || named.Obj().Pkg() == nil {
			continue
		}
		if commandLine[versionless(named.Obj().Pkg().Path())+"."+named.Obj().Name()] {
			return true
		}
	}
	return false
}

// commandLine lists what a command line hands to the functions that it runs.
var commandLine = set(
	"github.com/spf13/cobra.Command",
	"github.com/urfave/cli.Context",
	"github.com/urfave/cli.Command",
	"gopkg.in/urfave/cli.v1.Context",
	"github.com/codegangsta/cli.Context",
	"github.com/alecthomas/kong.Context",
	"gopkg.in/alecthomas/kingpin.v2.ParseContext",
	"github.com/alecthomas/kingpin.ParseContext",
)

// isCLICommand: the methods that github.com/mitchellh/cli's commands have,
// Run(args []string) int beside Help and Synopsis.
func isCLICommand(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil || fn.Name() != "Run" {
		return false
	}
	sig := fn.Signature()
	if sig.Params().Len() != 1 || sig.Results().Len() != 1 || types.TypeString(sig.Params().At(0).Type(), nil) != "[]string" {
		return false
	}
	for _, name := range []string{"Help", "Synopsis"} {
		if obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, fn.Pkg(), name); obj == nil {
			return false
		}
	}
	return true
}

// isKongCommand: the method Run of a type of a program that has
// github.com/alecthomas/kong read its command line, which calls it by reflection
// with whatever it was told to.
func isKongCommand(fn *types.Func) bool {
	sig := fn.Signature()
	return sig.Recv() != nil && fn.Name() == "Run" && fn.Pkg().Name() == "main" && sig.Results().Len() <= 1 &&
		slices.ContainsFunc(fn.Pkg().Imports(), func(p *types.Package) bool { return p.Path() == "github.com/alecthomas/kong" })
}
