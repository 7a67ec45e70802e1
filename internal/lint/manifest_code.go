package lint

import (
	"time"

	"github.com/grpclint/grpclint/deploycheck"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// code is what the manifests are judged with: the methods that the project
// defines, what clients do with them, and its programs.
func (r *run) code() *deploycheck.Code {
	code := &deploycheck.Code{Programs: r.programs}
	deadlines := make(map[string]time.Duration)
	for _, call := range r.report.Calls {
		if call.Deadline.Set {
			deadlines[call.Method] = max(deadlines[call.Method], call.Deadline.Timeout)
		}
	}
	served := make(map[string]bool)
	for i := range r.programs {
		for _, service := range r.programs[i].Serves {
			served[service] = true
		}
	}
	for _, s := range r.methods().Services() {
		if isStandard(s.Name) || s.Elsewhere && !served[s.Name] {
			continue
		}
		service := deploycheck.Service{Name: s.Name}
		for i := range s.Methods {
			m := &s.Methods[i]
			known := deploycheck.Method{Name: m.Name, ClientStream: m.ClientStream, ServerStream: m.ServerStream}
			full := s.Name + "/" + m.Name
			known.Deadline = deadlines[full]
			known.Attempts = r.attempts(full)
			if m.Verdict != nil {
				v := m.Verdict()
				known.Harmful = v.Class == method.Mutating && !v.Partial && !v.Doubt
				known.Doubtful = v.Class == method.Mutating && !v.Partial && v.Doubt
			}
			service.Methods = append(service.Methods, known)
		}
		code.Services = append(code.Services, service)
	}
	return code
}

// attempts is how often a service config in a file has a method sent at most; 0
// if none speaks of it.
func (r *run) attempts(method string) int {
	most := 0
	for _, f := range r.configs {
		if f.Dialect(r.options.ServiceConfig.Dialect) == serviceconfig.GAPIC {
			continue
		}
		for i := range f.Configs {
			if config := f.parsed(i, r.version(f.Path)); config != nil && f.Configs[i].Form == serviceconfig.Document {
				if retry := config.Method(method).Retry; retry != nil {
					most = max(most, retry.Attempts)
				}
			}
		}
	}
	return most
}
