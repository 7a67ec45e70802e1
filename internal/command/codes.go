package command

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// Codes prints, for each RPC method, the status codes that its handlers can
// return and where, and who retries them.
func Codes(args []string, stdout, stderr io.Writer) int {
	set := NewFlags("codes")
	where := knowFlags{codes: true}
	where.register(set)
	format := set.String("format", "text", "write `FORMAT`: text or json")
	if status, done := begin(set, "grpclint codes [flags] [pattern ...]", args, stdout, stderr); done {
		return status
	}
	if *format != "text" && *format != "json" {
		return fail(stderr, fmt.Errorf("unknown format %q (known: text, json)", *format))
	}
	report, err := where.know(set.Args(), stderr)
	if err != nil {
		return fail(stderr, err)
	}
	methods := codesOf(report)
	if *format == "json" {
		err = writeCodesJSON(stdout, methods)
	} else {
		err = writeCodes(stdout, methods)
	}
	if err != nil {
		return fail(stderr, err)
	}
	if slices.ContainsFunc(report.Errors, func(e lint.Error) bool { return !e.Found && e.Partly == "" }) {
		return exitBad
	}
	return exitOK
}

// methodCodes is what is known of the status codes of one method.
type methodCodes struct {
	Method   string         `json:"method"` // "package.Service/Method"
	Handlers []codesHandler `json:"handlers"`
	Codes    []codeRow      `json:"codes"`
}

type codesHandler struct {
	Name string `json:"name"` // "Server.CreateOrder"
	File string `json:"file"`
	Line int    `json:"line"`
	// Mapped: an interceptor of a server around converts errors, or may:
	// clients may get other codes.
	Mapped bool `json:"mapped"`
}

// A codeRow is one code that clients of a method can get.
type codeRow struct {
	// Code is a name as in service configs, or "unknown": that of a call
	// of Of, if that is set, else nobody knows.
	Code    string      `json:"code"`
	Of      string      `json:"of,omitempty"` // "package.Service/Method"
	Places  []codePlace `json:"places"`       // none if no handler is known to return it
	Retries []codeRetry `json:"retries"`
}

type codePlace struct {
	File string `json:"file"`
	Line int    `json:"line"`
	What string `json:"what"`
}

// A codeRetry tries again behind a code: a place in Go, or in a service
// config.
type codeRetry struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	By       string `json:"by"` // "loop", "backoff.Retry", "service config"
	Attempts int    `json:"attempts,omitempty"`
}

// unknownCode stands for what could not be followed; it is no code of
// gRPC's, whose UNKNOWN is another thing.
const unknownCode = "unknown"

// codesOf lists the methods of what was read, those of packages that are
// only imported left out unless something here serves or retries them.
func codesOf(report *lint.Report) []methodCodes {
	byName := make(map[string]*methodCodes)
	var names []string
	get := func(name string) *methodCodes {
		if byName[name] == nil {
			byName[name] = &methodCodes{Method: name, Handlers: []codesHandler{}, Codes: []codeRow{}}
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
		m.Handlers = append(m.Handlers, codesHandler{h.Name, h.At.File, h.At.Line, h.Mapped})
		for _, s := range h.Sources {
			row := m.row(codeName(s.Code), s.Of)
			if place := (codePlace{s.At.File, s.At.Line, s.What}); !slices.Contains(row.Places, place) {
				row.Places = append(row.Places, place)
			}
		}
	}
	for _, r := range report.Retries {
		for _, code := range r.Codes {
			get(r.Method).row(codeName(code), "").retried(codeRetry{r.At.File, r.At.Line, r.By, r.Attempts})
		}
	}
	for _, name := range names {
		for _, c := range rowsOf(coverageRow{Method: name}, report.Configs) {
			for _, code := range c.Codes {
				byName[name].row(code, "").retried(codeRetry{c.File, c.Line, "service config", c.Attempts})
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		service := func(s string) string { return s[:strings.IndexByte(s+"/", '/')] }
		return strings.Compare(service(a), service(b)) // methods as their file has them
	})
	var methods []methodCodes
	for _, name := range names {
		m := byName[name]
		slices.SortStableFunc(m.Codes, func(a, b codeRow) int {
			return cmp.Or(cmp.Compare(codeNumber(a.Code), codeNumber(b.Code)), strings.Compare(a.Of, b.Of))
		})
		methods = append(methods, *m)
	}
	return methods
}

// row returns the one of a code, which is made if there is none.
func (m *methodCodes) row(code, of string) *codeRow {
	i := slices.IndexFunc(m.Codes, func(r codeRow) bool { return r.Code == code && r.Of == of })
	if i < 0 {
		i = len(m.Codes)
		m.Codes = append(m.Codes, codeRow{Code: code, Of: of, Places: []codePlace{}, Retries: []codeRetry{}})
	}
	return &m.Codes[i]
}

func (r *codeRow) retried(by codeRetry) {
	if !slices.Contains(r.Retries, by) {
		r.Retries = append(r.Retries, by)
	}
}

func codeName(code int) string {
	if name := serviceconfig.CodeName(code); name != "" {
		return name
	}
	return unknownCode
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

func writeCodes(w io.Writer, methods []methodCodes) error {
	if len(methods) == 0 {
		_, err := fmt.Fprintln(w, "no RPC methods: there are neither .proto files with services nor Go code that calls one")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tCODE\tFROM\tRETRIED BY")
	served, unsure, mapped := 0, 0, false
	for _, m := range methods {
		name := m.Method
		if len(m.Handlers) > 0 {
			served++
		}
		if slices.ContainsFunc(m.Handlers, func(h codesHandler) bool { return h.Mapped }) {
			name, mapped = name+" *", true
		}
		if len(m.Codes) == 0 {
			from := "no handler here"
			if len(m.Handlers) > 0 {
				from = "returns no error"
			}
			fmt.Fprintf(table, "%s\t-\t%s\t-\n", name, from)
		}
		for _, row := range m.Codes {
			code := row.Code
			if row.Of != "" {
				code = "that of " + row.Of
			}
			if row.Code == unknownCode && row.Of == "" {
				unsure++
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", name, code, from(row, len(m.Handlers) > 0), by(row.Retries))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s; %d with a handler here, %d of these with errors whose code is not known\n", count(len(methods), "method"), served, unsure)
	if mapped {
		fmt.Fprintln(w, "* an interceptor of a server converts errors, or may: clients may get other codes")
	}
	return nil
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// from says where a code comes from: of what is not known, each place and
// what is there; else the first.
func from(row codeRow, served bool) string {
	switch {
	case len(row.Places) == 0 && served:
		return "no line of the handler"
	case len(row.Places) == 0:
		return "-"
	}
	first := row.Places[0]
	text := fmt.Sprintf("%s:%d", first.File, first.Line)
	if first.What != "status" && first.What != "RPC" {
		text += " (" + first.What + ")"
	}
	if n := len(row.Places) - 1; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

func by(retries []codeRetry) string {
	if len(retries) == 0 {
		return "-"
	}
	var list []string
	for _, r := range retries {
		text := fmt.Sprintf("%s:%d", r.File, r.Line)
		if r.Attempts > 0 {
			text += fmt.Sprintf(" (%d attempts)", r.Attempts)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func writeCodesJSON(w io.Writer, methods []methodCodes) error {
	if methods == nil {
		methods = []methodCodes{}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		Version int           `json:"version"`
		Methods []methodCodes `json:"methods"`
	}{1, methods})
}
