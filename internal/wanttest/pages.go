package wanttest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// pageFolder holds, in memory only, a package for each code block of the
// rules' pages.
const pageFolder = "rulepages/"

// A block is a code block of a rule's page.
type block struct {
	rule      *rule.Rule
	incorrect bool
	file      string // slash-separated, from the module's root
	source    string // a whole file
}

// folder returns the folder of the cases of the block's rule.
func (b block) folder() string { return caseFolder(b.rule) }

// caseFolder returns the folder of a rule's cases.
func caseFolder(r *rule.Rule) string { return strings.ReplaceAll(r.ID, "-", "") }

// comparePages checks that each Incorrect block is reported by exactly its
// page's rule and each Correct block by none. Rules that are off by default
// count for their own page only.
func (s *Suite) comparePages(report *lint.Report) {
	for _, b := range s.blocks {
		reporting := make(map[string]int)
		for _, f := range report.Findings {
			if f.File == b.file && (f.Rule.On || f.Rule == b.rule) {
				reporting[f.Rule.ID]++
			}
		}
		switch {
		case b.incorrect && (len(reporting) != 1 || reporting[b.rule.ID] == 0):
			s.problem(b.file, "page of %s: the incorrect code is reported by %v\n%s", b.rule.ID, reporting, b.source)
		case !b.incorrect && len(reporting) > 0:
			s.problem(b.file, "page of %s: the correct code is reported by %v\n%s", b.rule.ID, reporting, b.source)
		}
	}
}

// familyBlocks returns the Go blocks of the pages of a family, of the rules
// about older versions of grpc-go or of the others.
func familyBlocks(family string, older bool) []block {
	var blocks []block
	for _, r := range rule.All() {
		if r.Family() == family && isOlder(r) == older {
			blocks = append(blocks, pageBlocks(r)...)
		}
	}
	return blocks
}

// pageBlocks returns the Go blocks of a rule's page.
func pageBlocks(r *rule.Rule) []block {
	var blocks []block
	for _, section := range []string{"Incorrect", "Correct"} {
		for i, code := range goBlocks(r.Page(), section) {
			if strings.HasPrefix(code, "package main\n") {
				continue // a program, which is tried with the manifests that it stands beside
			}
			folder := fmt.Sprintf("%s%s/%s%d", pageFolder, caseFolder(r), strings.ToLower(section), i)
			blocks = append(blocks, block{r, section == "Incorrect", folder + "/page.go", complete(code)})
		}
	}
	return blocks
}

// isOlder: the code of the rule's page is reported with versions of grpc-go
// that are no longer made.
func isOlder(r *rule.Rule) bool { return r.ID == "status/raw-context-error" }

// goBlocks returns the fenced Go code of a section.
func goBlocks(page, section string) []string {
	var blocks []string
	in, code := "", ""
	inFence := false
	for line := range strings.Lines(page) {
		switch trimmed := strings.TrimSpace(line); {
		case inFence && trimmed == "```":
			inFence = false
			blocks = append(blocks, code)
		case inFence:
			code += line
		case strings.HasPrefix(line, "## "):
			in = strings.TrimSpace(strings.TrimPrefix(line, "## "))
		case trimmed == "```go" && in == section:
			inFence, code = true, ""
		}
	}
	return blocks
}

// complete adds what a code block leaves out for its readers: the package
// clause and the imports.
func complete(code string) string {
	if strings.HasPrefix(code, "package ") {
		return code
	}
	var paths []string
	// A block that does not parse is reported when it is loaded.
	file, _ := parser.ParseFile(token.NewFileSet(), "page.go", "package page\n\n"+code, 0)
	if file != nil {
		unresolved := make(map[*ast.Ident]bool)
		for _, id := range file.Unresolved {
			unresolved[id] = true
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok && unresolved[id] && pageImports[id.Name] != "" {
					paths = append(paths, fmt.Sprintf("import %s %q\n", id.Name, pageImports[id.Name]))
				}
			}
			return true
		})
	}
	slices.Sort(paths)
	return "package page\n\n" + strings.Join(slices.Compact(paths), "") + "\n" + code
}

// pageImports are the packages that pages use by these names.
var pageImports = map[string]string{
	"context":       "context",
	"errgroup":      "golang.org/x/sync/errgroup",
	"errors":        "errors",
	"flag":          "flag",
	"fmt":           "fmt",
	"http":          "net/http",
	"io":            "io",
	"log":           "log",
	"math":          "math",
	"net":           "net",
	"os":            "os",
	"rand":          "math/rand/v2",
	"signal":        "os/signal",
	"slog":          "log/slog",
	"strings":       "strings",
	"sync":          "sync",
	"syscall":       "syscall",
	"testing":       "testing",
	"time":          "time",
	"backoff":       "google.golang.org/grpc/backoff",
	"grpcretry":     "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry",
	"codes":         "google.golang.org/grpc/codes",
	"connectivity":  "google.golang.org/grpc/connectivity",
	"credentials":   "google.golang.org/grpc/credentials",
	"grpc":          "google.golang.org/grpc",
	"health":        "google.golang.org/grpc/health",
	"healthpb":      "google.golang.org/grpc/health/grpc_health_v1",
	"insecure":      "google.golang.org/grpc/credentials/insecure",
	"keepalive":     "google.golang.org/grpc/keepalive",
	"metadata":      "google.golang.org/grpc/metadata",
	"peer":          "google.golang.org/grpc/peer",
	"reflection":    "google.golang.org/grpc/reflection",
	"status":        "google.golang.org/grpc/status",
	"proto":         "google.golang.org/protobuf/proto",
	"errdetails":    "google.golang.org/genproto/googleapis/rpc/errdetails",
	"gobreaker":     "github.com/sony/gobreaker",
	"retry":         "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry",
	"timeout":       "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/timeout",
	"cobra":         "github.com/spf13/cobra",
	"uuid":          "github.com/google/uuid",
	"pb":            "example.com/testdata/stubs/orderpb",
	"orderpb":       "example.com/testdata/stubs/orderpb",
	"paypb":         "example.com/testdata/stubs/paypb",
	"bufconn":       "google.golang.org/grpc/test/bufconn",
	"singleflight":  "golang.org/x/sync/singleflight",
	"trace":         "go.opentelemetry.io/otel/trace",
	"atomic":        "sync/atomic",
	"tls":           "crypto/tls",
	"httptest":      "net/http/httptest",
	"serviceconfig": "google.golang.org/grpc/serviceconfig",
}
