package lint

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/rule"
)

// keyOf returns a key of all that the part of a target follows from: who we are,
// what was asked of us, the packages, and the service configs in files, which may
// take findings back. It is false if the part is not to be kept.
func (r *run) keyOf(target target, listing *load.Listing) (key cache.Key, ok bool) {
	o := &r.options
	if o.Cache == nil || o.Know || o.Near || o.replaced || o.ProgramOf != nil {
		return key, false
	}
	packages, ok := listing.Key()
	if !ok {
		return key, false
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "part 1 of %s\n%x\n", ourselves(), packages)
	fmt.Fprintf(hash, "%q %q %t %q %t %d %t %q %q\n", o.Dir, target.dir, o.Tests, o.Tags, o.Codes, len(o.Analyzers), target.derived, target.patterns, o.ServiceConfig)
	hash.Write([]byte(settings(o.Analyzers)))
	for _, f := range r.configs {
		fmt.Fprintf(hash, "%q %t %q\n", f.Path, f.named, f.Content)
	}
	for _, module := range slices.Sorted(maps.Keys(r.versions)) {
		fmt.Fprintf(hash, "%q %q\n", module, r.versions[module])
	}
	return cache.Key(hash.Sum(nil)), true
}

// settings are the flags of analyzers.
func settings(list []*analysis.Analyzer) string {
	var text strings.Builder
	for _, a := range list {
		a.Flags.VisitAll(func(f *flag.Flag) { fmt.Fprintf(&text, "%s.%s=%q\n", a.Name, f.Name, f.Value) })
	}
	return text.String()
}

// ourselves tells this program from others, and from what it was before somebody
// changed it.
var ourselves = sync.OnceValue(func() string {
	text := ""
	if file, err := os.Executable(); err == nil {
		if info, err := os.Stat(file); err == nil {
			text = fmt.Sprint(file, info.Size(), info.ModTime().UnixNano())
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		text += info.String()
	}
	return text
})

// A keptPart is a part as it is written. Rules are named by their ids, and of what
// the analyzers said of a finding there is only what is asked for later.
type keptPart struct {
	Part          *part
	Found, Silent []keptFinding
}

type keptFinding struct {
	Rule    string
	Finding Finding
	Source  finding.Finding
	PkgPath string
}

// kept returns the part that was kept under a key, or nil.
func (r *run) kept(key cache.Key) *part {
	data, ok := r.options.Cache.Get(key)
	if !ok {
		return nil
	}
	var k keptPart
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&k); err != nil || k.Part == nil {
		return nil // as good as nothing
	}
	var whole [2]bool
	k.Part.Found, whole[0] = opened(k.Found)
	k.Part.Silent, whole[1] = opened(k.Silent)
	if whole != [2]bool{true, true} {
		return nil
	}
	return k.Part
}

// keep keeps a part under a key.
func (r *run) keep(key cache.Key, p *part) {
	bare := *p
	bare.Found, bare.Silent = nil, nil
	var text bytes.Buffer
	if err := gob.NewEncoder(&text).Encode(keptPart{&bare, packed(p.Found), packed(p.Silent)}); err == nil {
		r.options.Cache.Put(key, text.Bytes())
	}
}

func packed(list []*located) []keptFinding {
	kept := make([]keptFinding, len(list))
	for i, l := range list {
		k := keptFinding{l.Rule.ID, l.Finding, *l.source, l.pkgPath}
		k.Finding.Rule, k.Source.Rule = nil, nil
		k.Source.Related, k.Source.Fixes, k.Source.StandsOn = nil, nil, nil
		kept[i] = k
	}
	return kept
}

// opened is false if there is a rule that we do not know.
func opened(kept []keptFinding) (list []*located, whole bool) {
	for i := range kept {
		k := &kept[i]
		known, ok := rule.Lookup(k.Rule)
		if !ok {
			return nil, false
		}
		k.Finding.Rule, k.Source.Rule = known, known
		list = append(list, &located{Finding: k.Finding, source: &k.Source, pkgPath: k.PkgPath})
	}
	return list, true
}
