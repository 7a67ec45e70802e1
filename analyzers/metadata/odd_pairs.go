package metadata

import (
	"fmt"
	"go/ast"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// oddPairs reports keys without a value.
func oddPairs(pass *report.Pass) error {
	if !flow(pass).Concerned {
		return nil
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		if call.Ellipsis.IsValid() {
			continue // a slice: as many as it has at run time
		}
		name := called(pass, call)
		kv := call.Args
		switch {
		case name == "AppendToOutgoingContext" && len(kv) > 0:
			kv = kv[1:]
		case name != "Pairs":
			continue
		}
		if len(kv)%2 == 0 {
			continue
		}
		last := kv[len(kv)-1]
		pass.Report("metadata/odd-pairs", finding.Finding{
			Pos: last.Pos(), End: last.End(), Subject: name,
			Message: fmt.Sprintf("panics at every call: metadata.%s gets %s, the last of which is a key without a value", name, say.Count(len(kv), "string")),
		})
	}
	return nil
}
