package ctxflow

import (
	"encoding/json"
	"go/constant"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
)

// timeoutServices returns the services to which a service config gives a
// timeout; AnyService if the text is not known or does not parse.
func (f *flow) timeoutServices(v ssa.Value) []string {
	text, known := f.text(v)
	if !known {
		return []string{AnyService}
	}
	if !strings.Contains(strings.ToLower(text), `"timeout"`) {
		return nil
	}
	// Key case does not matter here, as it does not to grpc-go.
	var config struct {
		MethodConfig []struct {
			Name    []struct{ Service string }
			Timeout *string
		}
	}
	if err := json.Unmarshal([]byte(text), &config); err != nil {
		return []string{AnyService}
	}
	var services []string
	for _, mc := range config.MethodConfig {
		if mc.Timeout == nil {
			continue
		}
		for _, name := range mc.Name {
			if name.Service == "" {
				services = append(services, AnyService) // the default entry
			} else {
				services = append(services, name.Service)
			}
		}
	}
	return services
}

// text evaluates a string that is put together from constants. A variable
// part that is no constant leaves it unknown.
func (f *flow) text(v ssa.Value) (text string, known bool) {
	e := evaluation{f.ssa.Meter.Query()}
	return e.text(v)
}

// evaluation is that of one string, whose parts may be used again and again.
type evaluation struct{ query *budget.Query }

// maxText bounds the length of a string that is evaluated.
const maxText = 1 << 20

func (e evaluation) text(v ssa.Value) (text string, known bool) {
	if !e.query.Step() {
		return "", false
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil || v.Value.Kind() != constant.String {
			return "", false
		}
		return constant.StringVal(v.Value), true
	case *ssa.MakeInterface:
		return e.text(v.X)
	case *ssa.BinOp:
		left, ok1 := e.text(v.X)
		right, ok2 := e.text(v.Y)
		if !ok1 || !ok2 || len(left)+len(right) > maxText {
			return "", false
		}
		return left + right, true
	case *ssa.Call:
		return e.sprintf(v)
	}
	return "", false
}

// sprintf evaluates fmt.Sprintf where every verb is a plain %s or %q; what
// service configs in Go need is the balancer's name.
func (e evaluation) sprintf(call *ssa.Call) (string, bool) {
	obj := calledObject(call)
	if obj == nil || obj.FullName() != "fmt.Sprintf" {
		return "", false
	}
	format, ok := e.text(call.Call.Args[0])
	values, complete := elements(call.Call.Args[1])
	if !ok || !complete || strings.Count(format, "%") != len(values) {
		return "", false
	}
	for _, v := range values {
		arg, ok := e.text(v)
		if !ok {
			return "", false
		}
		i := strings.IndexByte(format, '%')
		if i+1 >= len(format) || !strings.ContainsRune("sqv", rune(format[i+1])) {
			return "", false
		}
		if format[i+1] == 'q' {
			arg = `"` + arg + `"`
		}
		if len(format)+len(arg) > maxText {
			return "", false
		}
		format = format[:i] + arg + format[i+2:]
	}
	return format, true
}
