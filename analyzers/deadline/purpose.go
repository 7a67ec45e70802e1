package deadline

import (
	"go/ast"
	"go/token"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// saysSo reports whether a comment says that the code at pos goes on without
// its caller on purpose: one on its line or above its statement, or the
// function's own.
func (j *judged) saysSo(pos token.Pos) bool {
	file := syntax.Of(j.Pass.Pass).File(pos)
	if file == nil {
		return false
	}
	line := func(p token.Pos) int { return j.Fset.PositionFor(p, false).Line }
	first := line(pos) // of the statement
	path := syntax.Of(j.Pass.Pass).AroundPos(pos)
	for _, n := range path {
		if stmt, ok := n.(ast.Stmt); ok {
			first = line(stmt.Pos())
			break
		}
	}
	for _, n := range path {
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Doc != nil && givesReason(fn.Doc.Text(), outliving) {
			return true
		}
	}
	for _, group := range file.Comments {
		from, to := line(group.Pos()), line(group.End())
		if (to == first-1 || first <= from && from <= line(pos)) && givesReason(group.Text(), append(outliving, cutting...)) {
			return true
		}
	}
	return false
}

// outliving are words of those who let work outlive its caller; cutting are
// words that say it only right beside a context.
var (
	outliving = []string{"detach", "outlive", "on purpose", "purposely", "purposefully", "intention", "deliberate", "in the background", "independent of"}
	cutting   = []string{"background", "cancel", "even if", "even when", "regardless", "best effort", "best-effort", "own context", "new context", "fresh context", "separate context", "survive"}
)

// givesReason looks for words in a comment. One that says what is still to
// be done gives no reason.
func givesReason(comment string, words []string) bool {
	comment = strings.Join(strings.Fields(strings.ToLower(comment)), " ")
	if strings.Contains(comment, "todo") || strings.Contains(comment, "fixme") {
		return false
	}
	comment = strings.NewReplacer("context.background", "", "deadline/detached", "").Replace(comment)
	for _, word := range words {
		if strings.Contains(comment, word) {
			return true
		}
	}
	return false
}
