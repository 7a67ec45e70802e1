package callback

// known are functions of the standard library, which tells nothing, and those
// whose results or functions go through a field, by their full names.
var known = map[string]Helper{
	"(*sync.Once).Do":                                runs(0, Run{}),
	"(*sync.WaitGroup).Go":                           runs(0, Run{Go: true}),
	"(*sync.Map).Range":                              runs(0, Run{Loop: true, Args: make([]Value, 2)}),
	"context.AfterFunc":                              runs(1, Run{Go: true}),
	"time.AfterFunc":                                 runs(1, Run{Go: true}),
	"slices.ContainsFunc":                            runs(1, Run{Loop: true, Args: make([]Value, 1)}),
	"slices.IndexFunc":                               runs(1, Run{Loop: true, Args: make([]Value, 1)}),
	"slices.DeleteFunc":                              runs(1, Run{Loop: true, Args: make([]Value, 1)}),
	"slices.SortFunc":                                runs(1, Run{Loop: true, Args: make([]Value, 2)}),
	"slices.SortStableFunc":                          runs(1, Run{Loop: true, Args: make([]Value, 2)}),
	"sort.Slice":                                     runs(1, Run{Loop: true, Args: make([]Value, 2)}),
	"sort.SliceStable":                               runs(1, Run{Loop: true, Args: make([]Value, 2)}),
	"path/filepath.Walk":                             runs(1, Run{Loop: true, Args: make([]Value, 3)}),
	"path/filepath.WalkDir":                          runs(1, Run{Loop: true, Args: make([]Value, 3)}),
	"io/fs.WalkDir":                                  runs(2, Run{Loop: true, Args: make([]Value, 3)}),
	"runtime/pprof.Do":                               runs(2, Run{Args: []Value{{Param: 1, Through: []string{"runtime/pprof.WithLabels"}}}}),
	"runtime/trace.WithRegion":                       runs(2, Run{}),
	"(*log/slog.Record).Attrs":                       runs(0, Run{Loop: true, Args: make([]Value, 1)}),
	"(*testing.B).RunParallel":                       runs(0, Run{Go: true, Args: make([]Value, 1)}),
	"(*database/sql.Conn).Raw":                       runs(0, Run{Args: make([]Value, 1)}, Result{Of: 0}),
	"(*golang.org/x/sync/singleflight.Group).Do":     runs(1, Run{}, Result{Index: 0, Func: 1, Of: 0, Only: true}, Result{Index: 1, Func: 1, Of: 1, Only: true}),
	"(*golang.org/x/sync/singleflight.Group).DoChan": runs(1, Run{Go: true}),
	"(*golang.org/x/sync/errgroup.Group).Go":         runs(0, Run{Go: true}),
	"(*golang.org/x/sync/errgroup.Group).TryGo":      runs(0, Run{Go: true}),
	"(*github.com/oklog/run.Group).Add": {Params: []Param{
		{Index: 0, Only: true, Runs: []Run{{Go: true}}},
		{Index: 1, Only: true, Runs: []Run{{Go: true, Args: make([]Value, 1)}}},
	}},
}

// runs is a helper that does nothing with a function but call it.
func runs(param int, run Run, results ...Result) Helper {
	return Helper{Params: []Param{{Index: param, Only: true, Runs: []Run{run}}}, Results: results}
}
