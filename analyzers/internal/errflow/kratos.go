package errflow

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// kratosPath is the package of errors of go-kratos, which have a status: their
// code is one of HTTP, and gRPC's is made of it.
//
// Source: https://pkg.go.dev/github.com/go-kratos/kratos/v2/transport/http/status.
const kratosPath = "github.com/go-kratos/kratos/v2/errors"

// kratosCode gives the code of gRPC that an HTTP code becomes; those that are not
// listed become Unknown. 409 becomes Aborted, whatever it says: there is none for
// FailedPrecondition and AlreadyExists, so that nothing is to be made of it.
func kratosCode(http int64) int {
	switch http {
	case 200:
		return 0
	case 400:
		return 3
	case 401:
		return 16
	case 403:
		return 7
	case 404:
		return 5
	case 409:
		return NoCode
	case 429:
		return 8
	case 499:
		return 1
	case 500:
		return 13
	case 501:
		return 12
	case 503:
		return 14
	case 504:
		return 4
	}
	return 2
}

// kratosNamed are the functions that make an error with the HTTP code of their name.
func kratosNamed(name string) int64 {
	switch name {
	case "BadRequest":
		return 400
	case "Unauthorized":
		return 401
	case "Forbidden":
		return 403
	case "NotFound":
		return 404
	case "InternalServer":
		return 500
	case "ServiceUnavailable":
		return 503
	case "GatewayTimeout":
		return 504
	case "ClientClosed":
		return 499
	}
	return 0
}

// isKratos: *errors.Error.
func isKratos(t types.Type) bool {
	named := stub.NamedOf(t)
	return named != nil && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == kratosPath && named.Obj().Name() == "Error"
}

// hasCodes: an error has a status, whose code is known.
func hasCodes(o *Origin) bool {
	return len(o.Sources) > 0 && !slices.ContainsFunc(o.Sources, func(s Source) bool { return s.Kind != Status || s.Code == NoCode })
}

// ofKratos is the origin of what a function of the package returns; false if that
// is not known.
func (f *Flow) ofKratos(t trace, call *ssa.Call, obj *types.Func) (*Origin, bool) {
	args := call.Call.Args
	if obj.Signature().Recv() != nil {
		switch obj.Name() {
		case "WithCause", "WithMetadata":
			return t.Of(args[0]), true
		}
		return nil, false
	}
	s := f.at(Source{Kind: Status, Code: NoCode}, call.Pos())
	switch obj.Name() {
	case "New", "Newf", "Errorf":
		if c, ok := args[0].(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
			s.Code = kratosCode(c.Int64())
		}
	default:
		http := kratosNamed(obj.Name())
		if http == 0 {
			return nil, false
		}
		s.Code = kratosCode(http)
	}
	return from(s), s.Code != 0
}
