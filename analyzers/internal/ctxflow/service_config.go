package ctxflow

import (
	"encoding/json"
	"go/constant"
	"strings"

	"golang.org/x/tools/go/ssa"
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
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil || v.Value.Kind() != constant.String {
			return "", false
		}
		return constant.StringVal(v.Value), true
	case *ssa.MakeInterface:
		return f.text(v.X)
	case *ssa.BinOp:
		left, ok1 := f.text(v.X)
		right, ok2 := f.text(v.Y)
		return left + right, ok1 && ok2
	case *ssa.Call:
		return f.sprintf(v)
	}
	return "", false
}

// sprintf evaluates fmt.Sprintf where every verb is a plain %s or %q; what
// service configs in Go need is the balancer's name.
func (f *flow) sprintf(call *ssa.Call) (string, bool) {
	obj := calledObject(call)
	if obj == nil || obj.FullName() != "fmt.Sprintf" {
		return "", false
	}
	format, ok := f.text(call.Call.Args[0])
	values, complete := elements(call.Call.Args[1])
	if !ok || !complete || strings.Count(format, "%") != len(values) {
		return "", false
	}
	for _, v := range values {
		arg, ok := f.text(v)
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
		format = format[:i] + arg + format[i+2:]
	}
	return format, true
}
