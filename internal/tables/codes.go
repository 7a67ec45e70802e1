package tables

import (
	"cmp"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// MethodCodes is what is known of the status codes of one method.
type MethodCodes struct {
	Method   string         `json:"method"` // "package.Service/Method"
	Handlers []CodesHandler `json:"handlers"`
	Codes    []CodeRow      `json:"codes"`
}

type CodesHandler struct {
	Name string `json:"name"` // "Server.CreateOrder"
	File string `json:"file"`
	Line int    `json:"line"`
	// Mapped: an interceptor of a server around converts errors, or may:
	// clients may get other codes.
	Mapped bool `json:"mapped"`
}

// A CodeRow is one code that clients of a method can get.
type CodeRow struct {
	// Code is a name as in service configs, or "unknown": that of a call
	// of Of, if that is set, else nobody knows.
	Code    string      `json:"code"`
	Of      string      `json:"of,omitempty"` // "package.Service/Method"
	Places  []CodePlace `json:"places"`       // none if no handler is known to return it
	Retries []CodeRetry `json:"retries"`
}

type CodePlace struct {
	File string `json:"file"`
	Line int    `json:"line"`
	What string `json:"what"`
}

// A CodeRetry tries again behind a code: a place in Go, or in a service
// config.
type CodeRetry struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	By       string `json:"by"` // "loop", "backoff.Retry", "service config"
	Attempts int    `json:"attempts,omitempty"`
}

// UnknownCode stands for what could not be followed; it is no code of
// gRPC's, whose UNKNOWN is another thing.
const UnknownCode = "unknown"

// Codes lists the methods of what was read, those of packages that are
// only imported left out unless something here serves or retries them.
func Codes(report *lint.Report) []MethodCodes {
	byName := make(map[string]*MethodCodes)
	var names []string
	get := func(name string) *MethodCodes {
		if byName[name] == nil {
			byName[name] = &MethodCodes{Method: name, Handlers: []CodesHandler{}, Codes: []CodeRow{}}
			names = append(names, name)
		}
		return byName[name]
	}
	for _, s := range report.Methods.Services() {
		if !s.Elsewhere {
			for i := range s.Methods {
				get(s.Name + "/" + s.Methods[i].Name)
			}
		}
	}
	for _, h := range report.Handlers {
		m := get(h.Method)
		m.Handlers = append(m.Handlers, CodesHandler{h.Name, h.At.File, h.At.Line, h.Mapped})
		for _, s := range h.Sources {
			row := m.row(codeName(s.Code), s.Of)
			if place := (CodePlace{s.At.File, s.At.Line, s.What}); !slices.Contains(row.Places, place) {
				row.Places = append(row.Places, place)
			}
		}
	}
	for _, r := range report.Retries {
		for _, code := range r.Codes {
			get(r.Method).row(codeName(code), "").retried(CodeRetry{r.At.File, r.At.Line, r.By, r.Attempts})
		}
	}
	for _, name := range names {
		for _, c := range rowsOf(CoverageRow{Method: name}, report.Configs) {
			for _, code := range c.Codes {
				byName[name].row(code, "").retried(CodeRetry{c.File, c.Line, "service config", c.Attempts})
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		service := func(s string) string { return s[:strings.IndexByte(s+"/", '/')] }
		return strings.Compare(service(a), service(b)) // methods as their file has them
	})
	var methods []MethodCodes
	for _, name := range names {
		m := byName[name]
		slices.SortStableFunc(m.Codes, func(a, b CodeRow) int {
			return cmp.Or(cmp.Compare(codeNumber(a.Code), codeNumber(b.Code)), strings.Compare(a.Of, b.Of))
		})
		methods = append(methods, *m)
	}
	return methods
}

// row returns the one of a code, which is made if there is none.
func (m *MethodCodes) row(code, of string) *CodeRow {
	i := slices.IndexFunc(m.Codes, func(r CodeRow) bool { return r.Code == code && r.Of == of })
	if i < 0 {
		i = len(m.Codes)
		m.Codes = append(m.Codes, CodeRow{Code: code, Of: of, Places: []CodePlace{}, Retries: []CodeRetry{}})
	}
	return &m.Codes[i]
}

func (r *CodeRow) retried(by CodeRetry) {
	if !slices.Contains(r.Retries, by) {
		r.Retries = append(r.Retries, by)
	}
}

func codeName(code int) string {
	if name := serviceconfig.CodeName(code); name != "" {
		return name
	}
	return UnknownCode
}

// codeNumber orders codes; what is not known comes last.
func codeNumber(name string) int {
	for code := range 17 {
		if serviceconfig.CodeName(code) == name {
			return code
		}
	}
	return 17
}
