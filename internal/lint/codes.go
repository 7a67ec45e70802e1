package lint

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/internal/load"
)

// A Handler is a Go method that serves an RPC.
type Handler struct {
	Method string // "package.Service/Method"
	Name   string // "Server.CreateOrder"
	At     Range
	// Mapped: an interceptor of a server around converts errors, or may.
	Mapped  bool
	Sources []CodeSource

	PkgPath string
}

// A CodeSource is a place where an error begins that a handler can return.
type CodeSource struct {
	Code int    // -1 if it is that of Of, or not known
	Of   string // "package.Service/Method"
	What string
	At   Range
}

// A Retry is a place in Go that tries an RPC again.
type Retry struct {
	Method   string
	Codes    []int
	Attempts int // 0 if that is not known
	By       string
	At       Range

	PkgPath, In string  // where that is
	Silencing   []Range // selectors of directives for retry/stacked
}

// noteCodes adds what the packages tell of status codes to the report.
func (r *run) noteCodes(program *load.Program, out *outcome, locate *locator) {
	worlds := worldsOf(program.Roots, out)
	for _, root := range program.Roots {
		for _, result := range out.results[root] {
			if codes := result.Program.Codes; codes != nil {
				r.noteHandlers(codes.Handlers, root, worlds.of(root), locate)
				r.noteRetries(codes.Retries, root, locate)
			}
		}
	}
}

// addCodes adds what is not there yet.
func (r *Report) addCodes(handlers []Handler, retries []Retry) {
	r.Handlers = append(r.Handlers, handlers...)
	slices.SortStableFunc(r.Handlers, func(a, b Handler) int {
		return cmp.Or(strings.Compare(a.Method, b.Method), compareRanges(a.At, b.At))
	})
	r.Handlers = slices.CompactFunc(r.Handlers, func(a, b Handler) bool { return a.Method == b.Method && a.At == b.At })
	r.Retries = append(r.Retries, retries...)
	slices.SortStableFunc(r.Retries, func(a, b Retry) int {
		return cmp.Or(strings.Compare(a.Method, b.Method), compareRanges(a.At, b.At), strings.Compare(a.By, b.By))
	})
	r.Retries = slices.CompactFunc(r.Retries, func(a, b Retry) bool { return a.Method == b.Method && a.At == b.At && a.By == b.By })
}

func (r *run) noteHandlers(handlers []analyzers.Handler, root *packages.Package, world claim.World, locate *locator) {
	for _, h := range handlers {
		if !isServed(&h, &world) {
			continue
		}
		handler := Handler{
			PkgPath: root.PkgPath, Method: strings.TrimPrefix(h.FullMethod, "/"), Name: h.Name, At: locate.span(root, h.Pos, h.Pos), Mapped: world.Around.Has(claim.MapsErrors, "", 0),
		}
		for _, s := range h.Sources {
			source := CodeSource{Code: s.Code, Of: strings.TrimPrefix(s.Of, "/"), What: s.What, At: handler.At}
			if s.Place != (finding.Remote{}) {
				source.At = locate.remote(&s.Place)
			}
			handler.Sources = append(handler.Sources, source)
		}
		r.report.Handlers = append(r.report.Handlers, handler)
	}
}

// isServed: a handler does not only look like one.
func isServed(h *analyzers.Handler, world *claim.World) bool {
	return (len(h.If) == 0 || world.Around != nil) && !slices.ContainsFunc(h.If, func(c claim.Condition) bool { return world.Refutes(&c) })
}

func (r *run) noteRetries(retries []analyzers.Retry, root *packages.Package, locate *locator) {
	for _, retry := range retries {
		known := Retry{
			Method: strings.TrimPrefix(retry.FullMethod, "/"), Attempts: retry.Attempts, By: retry.By, At: locate.span(root, retry.Pos, retry.Pos),
			PkgPath: root.PkgPath, In: retry.In,
		}
		for _, pos := range retry.Silencing {
			known.Silencing = append(known.Silencing, locate.span(root, pos, pos))
		}
		for code := range 17 {
			if retry.Codes&(1<<code) != 0 {
				known.Codes = append(known.Codes, code)
			}
		}
		r.report.Retries = append(r.report.Retries, known)
	}
}

func compareRanges(a, b Range) int {
	return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
