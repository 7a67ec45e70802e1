package lint

import "golang.org/x/tools/go/analysis"

// Wrap returns analyzers that call around instead of the originals' Run.
// around gets the original, and a pass in which it finds the results of the
// originals that it requires; what the original requires is wrapped too.
func Wrap(originals []*analysis.Analyzer, around func(*analysis.Analyzer, *analysis.Pass) (any, error)) []*analysis.Analyzer {
	clones := make(map[*analysis.Analyzer]*analysis.Analyzer)
	var wrap func(*analysis.Analyzer) *analysis.Analyzer
	wrap = func(original *analysis.Analyzer) *analysis.Analyzer {
		if clone := clones[original]; clone != nil {
			return clone
		}
		clone := &analysis.Analyzer{
			Name:             original.Name,
			Doc:              original.Doc,
			URL:              original.URL,
			RunDespiteErrors: original.RunDespiteErrors,
			ResultType:       original.ResultType,
			FactTypes:        original.FactTypes,
		}
		clones[original] = clone
		for _, required := range original.Requires {
			clone.Requires = append(clone.Requires, wrap(required))
		}
		clone.Run = func(pass *analysis.Pass) (any, error) {
			unwrapped := *pass
			unwrapped.Analyzer = original
			unwrapped.ResultOf = make(map[*analysis.Analyzer]any, len(original.Requires))
			for _, required := range original.Requires {
				unwrapped.ResultOf[required] = pass.ResultOf[clones[required]]
			}
			result, err := around(original, &unwrapped)
			// The driver keeps the pass to the end; see sweeper.
			pass.Files, pass.TypesInfo, pass.ResultOf = nil, nil, nil
			return result, err
		}
		return clone
	}
	var wrapped []*analysis.Analyzer
	for _, original := range originals {
		wrapped = append(wrapped, wrap(original))
	}
	return wrapped
}
