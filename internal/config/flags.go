package config

import (
	"flag"
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

// A Selection is what the flags -enable, -disable and -all say.
type Selection struct {
	Enable, Disable Selectors
	All             bool
}

// Register adds the flags to a flag set.
func (s *Selection) Register(set *flag.FlagSet) {
	set.Var(&s.Enable, "enable", "switch on a comma-separated `LIST` of rules or families")
	set.Var(&s.Disable, "disable", "switch off a comma-separated `LIST` of rules or families")
	set.BoolVar(&s.All, "all", false, "switch on every rule, also those that are off by default")
}

// Apply lets the flags win over what c says so far.
func (c *Config) Apply(flags Selection) { c.flags = flags }

type choice int

const (
	unsaid choice = iota
	on
	off
)

// choice returns what the flags say about a rule. An id wins over a family
// and a family over -all; where both lists say the same name, -disable
// wins.
func (s *Selection) choice(r *rule.Rule) choice {
	switch {
	case s.Disable.name(r):
		return off
	case s.Enable.name(r):
		return on
	case s.Disable.hold(r.Family()):
		return off
	case s.Enable.hold(r.Family()), s.All:
		return on
	}
	return unsaid
}

// Selectors is a flag.Value: a comma-separated list of rule ids and
// families. Given twice, the flag adds to the list.
type Selectors []string

func (l *Selectors) String() string { return strings.Join(*l, ",") }

// Set adds a list. An unknown name is an error that names the nearest.
func (l *Selectors) Set(text string) error {
	for item := range strings.SplitSeq(text, ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		if _, err := rule.Select(item); err != nil {
			return err
		}
		*l = append(*l, item)
	}
	if len(*l) == 0 {
		return fmt.Errorf("no rule given")
	}
	return nil
}

func (l Selectors) name(r *rule.Rule) bool {
	for _, s := range l {
		if names(s, r) {
			return true
		}
	}
	return false
}

func (l Selectors) hold(family string) bool {
	for _, s := range l {
		if s == family {
			return true
		}
	}
	return false
}
