package ctxflow

import (
	"encoding/json"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/text"
)

// timeoutServices returns the services to which a call of
// grpc.WithDefaultServiceConfig gives a timeout; AnyService if the text is not
// known or does not parse.
func (f *follower) timeoutServices(call ssa.CallInstruction) []string {
	v := program.SignatureArg(call, 0)
	if v == nil {
		return []string{AnyService}
	}
	if f.texts == nil {
		f.texts = text.New(f.pass, f.Program, nil)
	}
	texts, complete := f.texts.Of(v, call)
	if !complete {
		return []string{AnyService}
	}
	var services []string
	for _, t := range texts {
		services = append(services, timeouts(string(t.Bytes))...)
	}
	return services
}

// timeouts returns the services that have a timeout in a service config.
func timeouts(text string) []string {
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
