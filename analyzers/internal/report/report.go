// Package report makes a go/analysis analyzer of a family of rules: it runs
// the rules one by one, keeps what they find, applies directives, and hands
// to the driver what drivers get.
//
// The analyzer's own Result holds every finding of every rule, also of
// those that are off; grpclint's program chooses among them by its
// configuration. Other drivers know only pass.Report: to them go the
// findings that the analyzer's flags let through.
package report

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// A Check runs one rule, or several that share one traversal.
type Check struct {
	Rules []string // ids
	Run   func(*Pass) error
}

// A Result is what a family's analyzer returns.
type Result struct {
	Findings []finding.Finding // in order of position; directives applied
	Reported []*rule.Rule      // rules that the analyzer's flags let through
	Err      error             // rules that failed or panicked, by name

	// Suppressed are the findings that a directive silenced.
	Suppressed []finding.Finding

	Program Program
}

// Program is what one package tells about the programs that it is part of.
// Only the standalone run, which sees them whole, makes use of it.
type Program struct {
	// Imports are the paths that files which are no test code import.
	Imports []string
	// Claims decide on findings of this and other packages.
	Claims []claim.Claim
	// Methods are those that the package and its direct imports have
	// generated code of; nil for none.
	Methods *serviceconfig.Methods
	// Codes is what handlers return and callers retry, if the analyzer of
	// [codes] was asked; the families leave it nil.
	Codes *Codes
	// CallGraph is who calls whom, if the analyzer of [callgraph] was asked; the
	// families leave it nil.
	CallGraph *CallGraph
	// Health is what the program tells of the services that it serves; nil
	// if the package is no main package.
	Health []serviceconfig.ServedHealth
	// Configs are the service configs in its strings that grpc-go accepts.
	Configs []ServiceConfig
	// Deployed is what those who run the program have to know of the package, if
	// the analyzer of [deployed] was asked; the families leave it nil.
	Deployed *Deployed
}

// Deployed is what a package tells about how the program that it is in is run.
type Deployed struct {
	Main bool
	Env  []string // variables that it reads

	Serves []string // services that it registers, "package.Service"
	Runs   bool     // it runs a server of gRPC, whatever that serves
	Ports  []int    // that it serves gRPC on
	Mixed  bool     // it may serve HTTP where it serves gRPC

	Health      bool
	HealthNames []string // that it sets a status of
	HealthOpen  bool     // or of others

	Graceful bool          // it waits for SIGTERM, or stops gracefully
	Drain    time.Duration // that RPCs have to end; 0 if it is not known

	TLS, Plain bool // servers with credentials of TLS, and others
	MaxReceive int64

	Balances []DialTarget // that it dials with round_robin

	Prometheus, Histogram, Telemetry bool // metrics of gRPC
	// Archived is the import of a library for metrics that is archived.
	Archived *ast.ImportSpec
}

// A DialTarget is what is dialled: an address, or the variable that holds it.
type DialTarget struct{ Address, Env string }

// Codes is what a package tells about status codes.
type Codes struct {
	Handlers []Handler // in source order
	Retries  []Retry   // in source order
}

// A Handler serves an RPC.
type Handler struct {
	FullMethod string // "/package.Service/Method"
	Name       string // "Server.CreateOrder"
	Pos        token.Pos
	// If is on which conditions it is one.
	If []claim.Condition
	// Sources are the errors that it can return.
	Sources []CodeSource
}

// A CodeSource is a place where an error begins that a handler can return.
type CodeSource struct {
	// Code is the status code that clients get, or -1: that of the RPC
	// Of, if there is one, else nobody knows.
	Code int
	Of   string // "/package.Service/Method"
	// What is written there: "status.Error", "ctx.Err()", or what could
	// not be followed.
	What  string
	Place finding.Remote
}

// A Retry tries an RPC again.
type Retry struct {
	FullMethod string
	Codes      uint32 // a bit for each code
	Attempts   int    // 0 if that is not known
	By         string // "loop", "backoff.Retry"
	Pos        token.Pos
	In         string // the function
	// Silencing are the selectors of directives for retry/stacked there.
	Silencing []token.Pos
}

// CallGraph is what a package tells about calls, in source order.
type CallGraph struct {
	Calls       []Call
	Comparisons []Comparison
}

// A Comparison is one of the code of an RPC's error with another code.
type Comparison struct {
	From     string   // as in [Call]
	Methods  []string // "/package.Service/Method", all that it may be of
	Code     int
	Is       string    // the other code, as it is written
	Pos, End token.Pos // of that
	Ignored  bool      // a directive is there for status/unreachable-code
}

// A Call is one that a declared function, or a literal in it, makes.
type Call struct {
	From string    // the function's key, "init$1" for a literal of a package variable
	Pos  token.Pos // as in [Retry]
	// Lparen is its opening parenthesis; none if the function is only handed to
	// somebody.
	Lparen token.Pos
	// FullMethod is the RPC that is called: "/package.Service/Method". Else
	// Package and Func are what is, or nothing if another package decides that.
	FullMethod    string
	Stream        bool // one side of the RPC sends a stream
	Package, Func string
	Context       Context
}

// A Context says what becomes of a context that a call passes: whose it is,
// and how long it lets the callee take. It is zero where none is passed.
type Context struct {
	Caller  bool // the function's own, or a child of it
	Root    bool // made of context.Background() or its like, or cut off
	Unknown bool // from somewhere that could not be followed
	// Bounded: a deadline was added on all ways that lead here, at most Timeout
	// away, which is 0 if it is no constant.
	Bounded bool
	Timeout time.Duration
	At      finding.Remote // of the timeout
	In      string         // the function in which that is: [Call].From
	Ignored bool           // a directive is there for deadline/inverted
}

// A ServiceConfig stands in a Go string.
type ServiceConfig struct {
	Config *serviceconfig.Config
	Pos    token.Pos
}

// A Pass is an analysis.Pass on which findings are reported instead of
// diagnostics.
type Pass struct {
	*analysis.Pass

	// Program is copied to the Result.
	Program Program

	directives *directive.Set
	life       *lifetime.Info
	findings   []finding.Finding
	suppressed []finding.Finding
	generated  map[*token.File]bool
}

// Family returns the analyzer of a family of rules. Its prerequisites are
// the given ones, the directives and the lifetimes.
func Family(name, doc string, requires []*analysis.Analyzer, checks ...Check) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       name,
		Doc:        doc,
		URL:        "https://github.com/grpclint/grpclint/blob/main/docs/rules/" + name,
		Requires:   append([]*analysis.Analyzer{directive.Analyzer, lifetime.Analyzer, testcode.Analyzer}, requires...),
		ResultType: reflect.TypeFor[*Result](),
	}
	flags := newFlags(name, &a.Flags)
	a.Run = func(pass *analysis.Pass) (any, error) { return run(pass, flags, checks), nil }
	return a
}

func run(analysisPass *analysis.Pass, flags *flags, checks []Check) *Result {
	pass := &Pass{
		Pass:       analysisPass,
		Program:    Program{Imports: testcode.Production(analysisPass)},
		directives: analysisPass.ResultOf[directive.Analyzer].(*directive.Set),
		life:       analysisPass.ResultOf[lifetime.Analyzer].(*lifetime.Info),
		generated:  make(map[*token.File]bool),
	}
	for _, file := range pass.Files {
		if isGenerated(pass.Fset, file) {
			pass.generated[pass.Fset.File(file.FileStart)] = true
		}
	}
	pass.ClaimIf(pass.life.OneShot, claim.EndsByItself)
	result := new(Result)
	var failed []error
	for _, check := range checks {
		if err := runCheck(pass, check); err != nil {
			failed = append(failed, fmt.Errorf("%s: package %s: %w", strings.Join(check.Rules, ", "), pass.Pkg.Path(), err))
		}
		for _, id := range check.Rules {
			if r := rule.MustLookup(id); flags.enabled(r) {
				result.Reported = append(result.Reported, r)
			}
		}
	}
	result.Err = errors.Join(failed...)
	slices.SortStableFunc(pass.findings, func(a, b finding.Finding) int {
		if a.Pos != b.Pos {
			return int(a.Pos - b.Pos)
		}
		return strings.Compare(a.Rule.ID, b.Rule.ID)
	})
	result.Findings, result.Suppressed, result.Program = pass.findings, pass.suppressed, pass.Program
	for i := range result.Findings {
		if f := &result.Findings[i]; flags.shows(f) {
			analysisPass.Report(diagnostic(f))
		}
	}
	return result
}

// runCheck turns a panic of a rule into an error, so that one mistake of
// ours costs the user one rule in one package and not the run.
func runCheck(pass *Pass, check Check) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return check.Run(pass)
}

// Report adds a finding unless a directive silences it. The rule, named by
// its id, says what becomes of it in test code. One that matters only in
// programs that last is lowered where the code is known to run once.
func (p *Pass) Report(id string, f finding.Finding) {
	f.Rule = rule.MustLookup(id)
	if p.InTest(f.Pos) && !f.InTests() {
		return
	}
	if f.Decl == "" {
		f.Decl = p.enclosingDecl(f.Pos)
	}
	f.Generated = p.generated[p.Fset.File(f.Pos)]
	if p.RunsOnce(f.Pos) {
		if left, _ := f.Settle(func(c *claim.Condition) bool { return c.Kind == claim.EndsByItself }); !left {
			return
		}
	}
	if p.Ignored(id, f.Pos) {
		p.suppressed = append(p.suppressed, f)
		return
	}
	p.findings = append(p.findings, f)
}

// Claim says something of the programs that the package is part of, for each
// of the keys.
func (p *Pass) Claim(kind claim.Kind, keys ...string) {
	for _, key := range keys {
		p.Program.Claims = append(p.Program.Claims, claim.Claim{Kind: kind, Key: key})
	}
}

// ClaimIf says something without a key, if it is so.
func (p *Pass) ClaimIf(so bool, kind claim.Kind) {
	if so {
		p.Claim(kind, "")
	}
}

// Silenced counts a finding that a check did not even make, because of a
// directive at a link of the chain that leads to it.
func (p *Pass) Silenced(id string, pos, end token.Pos) {
	p.suppressed = append(p.suppressed, finding.Finding{
		Rule: rule.MustLookup(id), Pos: pos, End: end, Generated: p.generated[p.Fset.File(pos)],
	})
}

// Ignored reports whether a directive at pos silences the rule. A chain
// that leads to a finding asks at each of its links.
func (p *Pass) Ignored(id string, pos token.Pos) bool {
	return p.directives.Ignores(p.Fset, rule.MustLookup(id), pos)
}

// RunsOnce reports whether the code at pos runs in a program that ends by
// itself, be it all of it or a command of a command line.
func (p *Pass) RunsOnce(pos token.Pos) bool { return p.life.RunsOnce(pos) }

// Serves reports whether the package, or one of its module that it imports,
// accepts connections.
func (p *Pass) Serves() bool { return p.life.Serves }

// InTest reports whether pos lies in code that is there to test, to imitate
// or to show.
func (p *Pass) InTest(pos token.Pos) bool { return testcode.Is(p.Pass, pos) }

// Line is the line of pos, for messages.
func (p *Pass) Line(pos token.Pos) int { return finding.Position(p.Fset, pos).Line }

// enclosingDecl names the top-level declaration around pos: "F",
// "(*T).M", or the first name that a var or type declaration declares.
func (p *Pass) enclosingDecl(pos token.Pos) string {
	for _, file := range p.Files {
		if pos < file.FileStart || file.FileEnd < pos {
			continue
		}
		for _, decl := range file.Decls {
			if decl.Pos() <= pos && pos < decl.End() {
				return declName(decl)
			}
		}
	}
	return ""
}

func declName(decl ast.Decl) string {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil || len(decl.Recv.List) == 0 {
			return decl.Name.Name
		}
		return "(" + receiverName(decl.Recv.List[0].Type) + ")." + decl.Name.Name
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				return spec.Names[0].Name
			case *ast.TypeSpec:
				return spec.Name.Name
			}
		}
	}
	return ""
}

func receiverName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return "*" + receiverName(expr.X)
	case *ast.IndexExpr:
		return receiverName(expr.X)
	case *ast.IndexListExpr:
		return receiverName(expr.X)
	case *ast.ParenExpr:
		return receiverName(expr.X)
	case *ast.Ident:
		return expr.Name
	}
	return "?"
}

// diagnostic is what drivers other than our own get: only safe fixes,
// because vet and golangci-lint apply the first fix of every diagnostic,
// and no related place outside of the package, for which there is no
// position.
func diagnostic(f *finding.Finding) analysis.Diagnostic {
	d := analysis.Diagnostic{
		Pos:      f.Pos,
		End:      f.End,
		Category: f.Rule.ID,
		URL:      f.Rule.URL(),
		Message:  visible.Text(f.Message) + " [" + f.Rule.ID + "]",
	}
	for _, r := range f.Related {
		if r.Pos.IsValid() {
			d.Related = append(d.Related, analysis.RelatedInformation{Pos: r.Pos, End: r.End, Message: visible.Text(r.Message)})
		}
	}
	for _, fix := range f.Fixes {
		if !fix.Safe {
			continue
		}
		edits := make([]analysis.TextEdit, len(fix.Edits))
		for i, e := range fix.Edits {
			edits[i] = analysis.TextEdit{Pos: e.Pos, End: e.End, NewText: []byte(e.NewText)}
		}
		d.SuggestedFixes = append(d.SuggestedFixes, analysis.SuggestedFix{Message: fix.Message, TextEdits: edits})
		break // a second alternative would conflict with the first
	}
	return d
}
