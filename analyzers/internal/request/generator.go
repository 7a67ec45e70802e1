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

// generates: the call, or a function of this package that it is a call of,
// returns something new every time.
func (x *Index) generates(call *ssa.Call) bool {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return false
	}
	if isGenerator(obj) {
		return true
	}
	fn := x.Program.Declared(obj)
	if fn == nil || call.Call.IsInvoke() {
		return false
	}
	if known, ok := x.generators[fn]; ok {
		return known
	}
	x.generators[fn] = false
	x.generators[fn] = slices.ContainsFunc(program.Returned(fn, 0), func(ret program.Return) bool {
		return x.freshIn(ret.Value, Region{Fn: fn}) != nil
	})
	return x.generators[fn]
}

// isGenerator knows the functions that make ids.
func isGenerator(obj *types.Func) bool {
	if obj.Pkg() == nil {
		return false
	}
	name := obj.Name()
	switch codeflow.Versionless(obj.Pkg().Path()) {
	case "github.com/google/uuid", "github.com/gofrs/uuid", "github.com/satori/go.uuid", "github.com/pborman/uuid", "github.com/hashicorp/go-uuid", "k8s.io/apimachinery/pkg/util/uuid":
		switch name {
		case "New", "NewString", "NewRandom", "NewUUID", "NewV1", "NewV4", "NewV6", "NewV7", "GenerateUUID":
			return true
		}
	case "github.com/oklog/ulid":
		return name == "Make" || name == "MustNew" || name == "New"
	case "github.com/rs/xid", "github.com/segmentio/ksuid", "github.com/lithammer/shortuuid":
		return name == "New" || name == "NewRandom"
	case "github.com/matoous/go-nanoid", "github.com/jaevor/go-nanoid":
		return name == "New" || name == "Must" || name == "Nanoid"
	case "math/rand", "crypto/rand":
		return name != "New" && name != "NewSource" && name != "Read"
	case "time":
		return name == "Now"
	}
	return false
}

func generatorName(call *ssa.Call) string {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return ""
	}
	if obj.Pkg() != nil && obj.Signature().Recv() == nil && obj.Pkg() != call.Parent().Pkg.Pkg {
		return obj.Pkg().Name() + "." + obj.Name()
	}
	return obj.Name()
}
