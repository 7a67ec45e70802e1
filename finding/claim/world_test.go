package claim_test

import (
	"testing"

	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/rule"
)

func set(claims ...claim.Claim) claim.Set { return claim.NewSet(claims...) }

func TestRefutes(t *testing.T) {
	const kind, other claim.Kind = "kind", "other"
	a, b := claim.Claim{Kind: kind, Key: "a"}, claim.Claim{Kind: kind, Key: "b"}
	anyKey := claim.Claim{Kind: kind, Key: claim.Any}
	files := func(k claim.Kind, key string) bool { return k == kind && key == "a" }
	by := func(by claim.By, c claim.Condition) claim.Condition { c.By = by; return c }
	level := func(level int64) claim.Condition {
		c := claim.Unless(kind)
		c.Level = level
		return c
	}
	tests := []struct {
		name      string
		condition claim.Condition
		world     claim.World
		want      bool
	}{
		{"denied, nothing known", claim.Unless(kind, "a"), claim.World{}, false},
		{"denied, nobody claims", claim.Unless(kind, "a"), claim.World{Around: set()}, false},
		{"denied, claimed", claim.Unless(kind, "a"), claim.World{Around: set(a)}, true},
		{"denied, another key", claim.Unless(kind, "a"), claim.World{Around: set(b)}, false},
		{"denied, another kind", claim.Unless(other, "a"), claim.World{Around: set(a)}, false},
		{"denied, one of the keys", claim.Unless(kind, "a", "b"), claim.World{Around: set(b)}, true},
		{"denied, of any key", claim.Unless(kind, "a"), claim.World{Around: set(anyKey)}, true},
		{"denied without a key", claim.Unless(kind), claim.World{Around: set(claim.Claim{Kind: kind})}, true},
		{"denied without a key, claimed with one", claim.Unless(kind), claim.World{Around: set(a)}, false},

		{"needed, nothing known", claim.If(kind, "a"), claim.World{}, false},
		{"needed, nobody claims", claim.If(kind, "a"), claim.World{Around: set()}, true},
		{"needed, claimed", claim.If(kind, "a"), claim.World{Around: set(a)}, false},
		{"needed, another key", claim.If(kind, "a"), claim.World{Around: set(b)}, true},

		{"in a file", claim.Unless(kind, "a"), claim.World{Files: files}, true},
		{"in a file, another key", claim.Unless(kind, "b"), claim.World{Around: set(), Files: files}, false},
		{"needed, in a file", claim.If(kind, "a"), claim.World{Around: set(), Files: files}, false},
		{"files are no programs", by(claim.Programs, claim.Unless(kind, "a")), claim.World{Files: files}, false},

		{"some around are not all programs", by(claim.Programs, claim.Unless(kind, "a")), claim.World{Around: set(a), Programs: set()}, false},
		{"all programs", by(claim.Programs, claim.Unless(kind, "a")), claim.World{Around: set(), Programs: set(a)}, true},
		{"no programs", by(claim.Programs, claim.If(kind, "a")), claim.World{Around: set()}, false},
		{"somebody who is not around", claim.Unless(kind, "a"), claim.World{Around: set(), Anyone: set(a)}, false},
		{"anyone", by(claim.Anyone, claim.Unless(kind, "a")), claim.World{Anyone: set(a)}, true},

		{"at the level", level(5), claim.World{Around: set(claim.Claim{Kind: kind, Level: 5})}, true},
		{"from a lower level", level(5), claim.World{Around: set(claim.Claim{Kind: kind, Level: 1})}, true},
		{"from a higher level", level(5), claim.World{Around: set(claim.Claim{Kind: kind, Level: 6})}, false},
		{"the lowest of two levels", level(5), claim.World{Around: set(claim.Claim{Kind: kind, Level: 4}, claim.Claim{Kind: kind, Level: 6})}, true},
		{"of any key, at a level", level(5), claim.World{Around: set(claim.Claim{Kind: kind, Key: claim.Any, Level: 6})}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.world.Refutes(&test.condition); got != test.want {
				t.Errorf("refuted: %t, want %t", got, test.want)
			}
		})
	}
}

func TestSets(t *testing.T) {
	const kind claim.Kind = "kind"
	low, high := claim.Claim{Kind: kind, Key: "a", Level: 1}, claim.Claim{Kind: kind, Key: "a", Level: 3}
	b := claim.Claim{Kind: kind, Key: "b"}
	joined := set(high)
	joined.Join(set(low, b))
	met := set(low, b).Meet(set(high))
	for _, test := range []struct {
		name  string
		set   claim.Set
		key   string
		level int64
		want  bool
	}{
		{"joined", joined, "b", 0, true},
		{"joined, the lower level", joined, "a", 1, true},
		{"met, the higher level", met, "a", 2, false},
		{"met, the higher level", met, "a", 3, true},
		{"met, of one only", met, "b", 0, false},
		{"nil", nil, "a", 9, false},
	} {
		if got := test.set.Has(kind, test.key, test.level); got != test.want {
			t.Errorf("%s: has %q at %d: %t, want %t", test.name, test.key, test.level, got, test.want)
		}
	}
}

func TestLasting(t *testing.T) {
	c := claim.Lasting()
	ends := set(claim.Claim{Kind: claim.EndsByItself})
	if w := (claim.World{Around: ends}); w.Refutes(&c) {
		t.Error("refuted by a package that is no program")
	}
	if w := (claim.World{Programs: ends}); !w.Refutes(&c) || c.Lowered != rule.Info {
		t.Error("no note where all programs end by themselves")
	}
}
