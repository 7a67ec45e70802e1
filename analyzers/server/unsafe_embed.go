package server

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// unsafeEmbed reports servers that embed an interface: UnsafeFooServer, with
// which a new method of the service no longer compiles, or FooServer itself,
// with which it compiles and crashes.
func unsafeEmbed(pass *report.Pass) error {
	if !servers(pass).Reaches {
		return nil
	}
	eachStruct(pass, func(spec *ast.TypeSpec, s *ast.StructType) {
		for _, field := range s.Fields.List {
			if len(field.Names) > 0 {
				continue // not embedded
			}
			named, ok := types.Unalias(pass.TypesInfo.TypeOf(field.Type)).(*types.Named)
			if !ok || !types.IsInterface(named) || named.Obj().Pkg() == nil {
				continue
			}
			f := finding.Finding{Pos: field.Type.Pos(), End: field.Type.End(), Subject: named.Obj().Name()}
			service, unsafe := strings.CutPrefix(named.Obj().Name(), "Unsafe")
			switch {
			case unsafe && generatedServer(pass, named.Obj().Pkg(), service):
				f.Message = fmt.Sprintf("%s does not compile when the service gets a new method: it embeds %s", spec.Name.Name, named.Obj().Name())
			case servers(pass).Stubs.Server(named) != nil && !sets(pass, spec, named.Obj().Name()): // else it wraps another server
				f.Message = fmt.Sprintf("%s panics when a method that it lacks is called: it embeds the interface %s", spec.Name.Name, named.Obj().Name())
			default:
				continue
			}
			pass.Report("server/unsafe-embed", f)
		}
	})
	return nil
}

func generatedServer(pass *report.Pass, pkg *types.Package, name string) bool {
	obj, ok := pkg.Scope().Lookup(name).(*types.TypeName)
	return ok && servers(pass).Stubs.Server(obj.Type()) != nil
}
