package text

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Made is what a function makes of what it gets, as its package tells it.
type Made struct {
	Forms    [][]Piece
	Complete bool // there are no others
}

// A Piece is a text, or what is made of a parameter.
type Piece struct {
	Text   string
	Param  int // 1 and its index in the signature; 0 for a text, -1 for another number
	Verb   byte
	Add    int64
	Within Interval
}

// Made returns what a function of the package makes, nil if that is not known.
func (e *Evaluator) Made(fn *ssa.Function) *Made { return e.flow.Result(fn, 0).made(fn) }

// MadeOf returns what an exported function makes of what it gets where v is, nil
// if that is something else, or is made of nothing.
func (e *Evaluator) MadeOf(v ssa.Value, fn *ssa.Function) *Made {
	if obj, ok := fn.Object().(*types.Func); !ok || !obj.Exported() {
		return nil
	}
	made := e.flow.Of(v).made(fn)
	if made == nil || !slices.ContainsFunc(made.Forms, func(pieces []Piece) bool {
		return len(pieces) > 1 && slices.ContainsFunc(pieces, func(p Piece) bool { return p.Param > 0 })
	}) {
		return nil
	}
	return made
}

func (o forms) made(fn *ssa.Function) *Made {
	made := &Made{Complete: o.complete}
	for _, f := range o.list {
		if pieces := f.pieces(fn); pieces != nil {
			made.Forms = append(made.Forms, pieces)
		} else {
			made.Complete = false
		}
	}
	if len(made.Forms) == 0 {
		return nil
	}
	return made
}

// pieces are those of a form of which nothing is open but fn's parameters.
func (f form) pieces(fn *ssa.Function) []Piece {
	pieces := make([]Piece, 0, len(f))
	for _, p := range f {
		if p.hole == nil {
			pieces = append(pieces, Piece{Text: string(p.Bytes)})
			continue
		}
		param, ok := p.hole.(*ssa.Parameter)
		if !ok && p.verb == 'd' {
			pieces = append(pieces, Piece{Param: -1, Verb: p.verb, Add: p.add, Within: p.within})
			continue
		}
		if !ok || param.Parent() != fn || program.SignatureIndex(param) < 0 {
			return nil
		}
		pieces = append(pieces, Piece{Param: program.SignatureIndex(param) + 1, Verb: p.verb, Add: p.add, Within: p.within})
	}
	return pieces
}

// Gives returns the configs that a call gives to gRPC, as another package makes
// them, like Within.
func (e *Evaluator) Gives(call *ssa.Call, made *Made) (texts []Text, complete bool, cases []Case) {
	o := e.made(trace{Tracer: e.flow}, call, made).fill(func(p *ssa.Parameter) forms { return e.flow.Closed(p) })
	texts, complete = o.texts()
	return texts, complete, o.cases()
}

// made puts what a call passes into what another package makes of it.
func (e *Evaluator) made(t trace, call *ssa.Call, made *Made) forms {
	all := forms{complete: made.Complete}
	for _, pieces := range made.Forms {
		o := forms{[]form{nil}, true}
		for _, p := range pieces {
			if p.Param == 0 {
				o = o.and(forms{[]form{{{Text: Text{Bytes: []byte(p.Text)}}}}, true})
				continue
			}
			hole := part{verb: p.Verb, add: p.Add, within: p.Within}
			if p.Param < 0 {
				hole.hole = call
				o = o.and(forms{[]form{{hole}}, true})
				continue
			}
			arg := program.SignatureArg(call, p.Param-1)
			if arg == nil {
				o = forms{}
				break
			}
			o = o.and(hole.filledWith(e.put(t, call, arg, p.Param-1)))
		}
		all = join(all, o)
	}
	return all
}

// Mentions reports whether some form has one of the words in its texts.
func (m *Made) Mentions(has func(text string) bool) bool {
	return slices.ContainsFunc(m.Forms, func(pieces []Piece) bool {
		return slices.ContainsFunc(pieces, func(p Piece) bool { return has(p.Text) })
	})
}
