package request

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// freshIn returns the call in the region that makes v anew in every run, or
// nil.
func (x *Index) freshIn(v ssa.Value, rg Region) *ssa.Call {
	var generator *ssa.Call
	x.dependsOn(v, func(v ssa.Value) bool {
		call, ok := v.(*ssa.Call)
		if ok && rg.Holds(call) && x.generates(call) {
			generator = call
		}
		return generator != nil
	})
	return generator
}

// generates: the call, or a function that it runs, returns something new every
// time.
func (x *Index) generates(call *ssa.Call) bool {
	if obj := program.CalledObject(call.Common()); obj != nil {
		if isGenerator(obj) {
			return true
		}
		if told := x.toldOf(obj); told != nil && !call.Call.IsInvoke() {
			return told.Fresh.Of(obj) != nil
		}
	}
	helpers := x.Helpers(call, 0)
	return len(helpers) > 0 && !slices.ContainsFunc(helpers, func(h codeflow.Helper) bool { return !x.isFresh(h) })
}

// isFresh: a function returns something new every time.
func (x *Index) isFresh(h codeflow.Helper) bool {
	known, ok := x.generators[h]
	if !ok {
		x.generators[h] = false // recursion
		known = slices.ContainsFunc(program.Returned(h.Func, h.Result), func(ret program.Return) bool {
			return x.freshIn(ret.Value, Region{Fn: h.Func}) != nil
		})
		x.generators[h] = known
	}
	return known
}

// isGenerator knows the functions that make ids.
func isGenerator(obj *types.Func) bool {
	if obj.Pkg() == nil {
		return false
	}
	path, name := codeflow.Versionless(obj.Pkg().Path()), obj.Name()
	switch path {
	case "math/rand", "crypto/rand":
		return name != "New" && name != "NewSource" && name != "Read"
	case "time":
		return name == "Now"
	}
	return slices.Contains(generatorsOf(path), name)
}

// hasGenerators: functions of the package make ids.
func hasGenerators(path string) bool {
	switch codeflow.Versionless(path) {
	case "math/rand", "crypto/rand", "time":
		return true
	}
	return isGeneratorPackage(path)
}

// isGeneratorPackage: a package is there to make ids.
func isGeneratorPackage(path string) bool { return len(generatorsOf(codeflow.Versionless(path))) > 0 }

// generatorsOf are the functions of a package that is there to make ids.
func generatorsOf(path string) []string {
	switch path {
	case "github.com/google/uuid", "github.com/gofrs/uuid", "github.com/satori/go.uuid", "github.com/pborman/uuid", "github.com/hashicorp/go-uuid", "k8s.io/apimachinery/pkg/util/uuid":
		return []string{"New", "NewString", "NewRandom", "NewUUID", "NewV1", "NewV4", "NewV6", "NewV7", "GenerateUUID"}
	case "github.com/oklog/ulid":
		return []string{"Make", "MustNew", "New"}
	case "github.com/rs/xid", "github.com/segmentio/ksuid", "github.com/lithammer/shortuuid":
		return []string{"New", "NewRandom"}
	case "github.com/matoous/go-nanoid", "github.com/jaevor/go-nanoid":
		return []string{"New", "Must", "Nanoid"}
	}
	return nil
}

// generatorName says what makes something new: of a literal that has no name,
// what it calls.
func (x *Index) generatorName(call *ssa.Call) string {
	obj := program.CalledObject(call.Common())
	if obj != nil {
		if obj.Pkg() != nil && obj.Signature().Recv() == nil && obj.Pkg() != call.Parent().Pkg.Pkg {
			return obj.Pkg().Name() + "." + obj.Name()
		}
		return obj.Name()
	}
	if name := x.Program.CalleeName(call); name != "" {
		return name
	}
	for _, h := range x.Helpers(call, 0) {
		for _, ret := range program.Returned(h.Func, h.Result) {
			if inner := x.freshIn(ret.Value, Region{Fn: h.Func}); inner != nil {
				return x.generatorName(inner)
			}
		}
	}
	return "a function"
}
