package noreturn

import (
	"go/types"
	"strings"
)

// known reports whether a function of a library never returns, although its
// body does not show it, or is not there to be read: it ends in the runtime,
// in a field that holds os.Exit, or in what depends on an argument.
func known(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	name := fn.Name()
	is := func(prefixes ...string) bool {
		for _, prefix := range prefixes {
			rest, ok := strings.CutPrefix(name, prefix)
			if ok && (rest == "" || strings.Contains(" f ln w Depth Fn Context ContextDepth ContextDepthf Depthf ", " "+rest+" ")) {
				return true
			}
		}
		return false
	}
	switch fn.Pkg().Path() {
	case "os", "syscall":
		return name == "Exit"
	case "runtime":
		return name == "Goexit"
	case "log":
		return is("Fatal", "Panic")
	case "testing":
		return is("Fatal", "FailNow", "Skip", "SkipNow")
	case "gopkg.in/check.v1":
		return is("Fatal", "FailNow", "Skip")
	case "k8s.io/klog", "k8s.io/klog/v2", "github.com/golang/glog":
		return is("Fatal", "Exit")
	case "github.com/sirupsen/logrus":
		return is("Fatal", "Panic", "Exit")
	case "go.uber.org/zap", "github.com/pingcap/log":
		return is("Fatal", "Panic") && fn.Signature().Results().Len() == 0
	case "google.golang.org/grpc/grpclog":
		return is("Fatal")
	case "github.com/charmbracelet/log", "github.com/go-kratos/kratos/v2/log":
		return is("Fatal")
	case "github.com/stretchr/testify/require":
		return is("FailNow", "Fail")
	case "github.com/stretchr/testify/assert":
		return is("FailNow")
	case "github.com/onsi/ginkgo", "github.com/onsi/ginkgo/v2":
		return is("Fail", "Skip", "AbortSuite")
	}
	return false
}

// EndsProcess reports whether a function of a library is there to end the
// whole process, or makes an event that does: os.Exit, log.Fatal.
func EndsProcess(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() == "testing" || fn.Pkg().Path() == "gopkg.in/check.v1" {
		return false
	}
	return (known(fn) || makesFatal(fn)) && (strings.HasPrefix(fn.Name(), "Fatal") || strings.HasPrefix(fn.Name(), "Exit"))
}

// Ender names a function of a library that ends the process, by what people
// call it: "log.Fatal", "Logger.Fatal"; "" for others.
func Ender(fn *types.Func) string {
	if !EndsProcess(fn) {
		return ""
	}
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		if named, ok := types.Unalias(t).(*types.Named); ok {
			return named.Obj().Name() + "." + fn.Name()
		}
	}
	return fn.Pkg().Name() + "." + fn.Name()
}

// knownOnError reports whether a function of a library ends a test that hands
// it an error.
func knownOnError(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "github.com/stretchr/testify/require":
		return fn.Name() == "NoError" || fn.Name() == "NoErrorf"
	case "gotest.tools/assert", "gotest.tools/v3/assert":
		return fn.Name() == "NilError"
	}
	return false
}
