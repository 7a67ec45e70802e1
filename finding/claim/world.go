package claim

// A Set is what some packages claim.
type Set map[about]int64 // the lowest level

type about struct {
	kind Kind
	key  string
}

// NewSet returns the set of some claims. It is not nil.
func NewSet(claims ...Claim) Set {
	s := make(Set)
	for _, c := range claims {
		s.add(about{c.Kind, c.Key}, c.Level)
	}
	return s
}

func (s Set) add(a about, level int64) {
	if known, ok := s[a]; !ok || level < known {
		s[a] = level
	}
}

// Join adds what others claim.
func (s Set) Join(other Set) {
	for a, level := range other {
		s.add(a, level)
	}
}

// Meet returns what both claim.
func (s Set) Meet(other Set) Set {
	both := make(Set)
	for a, level := range s {
		if others, ok := other[a]; ok {
			both[a] = max(level, others)
		}
	}
	return both
}

// Has reports whether the claim is made, be it of any key.
func (s Set) Has(kind Kind, key string, level int64) bool {
	for _, key := range []string{key, Any} {
		if lowest, ok := s[about{kind, key}]; ok && lowest <= level {
			return true
		}
	}
	return false
}

// A World is what a run that looks at whole programs knows of the surroundings
// of one package. The zero value knows nothing.
type World struct {
	// Around is what the package and those that import it claim, one or
	// another; nil if nobody is known to be around.
	Around Set
	// Programs is what all of the main packages among them claim; nil if
	// there are none.
	Programs Set
	// Anyone is what is claimed by one of all packages that are looked at.
	Anyone Set
	// Files claims what is in files around that are no packages; nil if
	// nothing is.
	Files func(kind Kind, key string) bool
}

// Refutes reports whether a condition is known not to hold.
func (w *World) Refutes(c *Condition) bool {
	set := w.Around
	switch c.By {
	case Programs:
		set = w.Programs
	case Anyone:
		set = w.Anyone
	}
	made := false
	for _, key := range c.Keys {
		made = made || set.Has(c.Kind, key, c.Level) || c.By == Around && w.Files != nil && w.Files(c.Kind, key)
	}
	if c.Needed {
		return !made && set != nil
	}
	return made
}
