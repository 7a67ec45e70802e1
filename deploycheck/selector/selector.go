// Package selector finds the selectors of metrics in an expression of
// Prometheus.
//
//	sum(rate(grpc_server_handled_total{grpc_code!="OK"}[5m])) / ...
//	         ^ Metric                 ^ Matchers
//
// It reads no more of the language than that: what it cannot read is none.
package selector

import (
	"strconv"
	"strings"
)

// A Selector is a metric with what its labels have to be.
type Selector struct {
	Metric     string
	Start, End int // in the expression
	Matchers   []Matcher
	// Divisor: the selector stands behind a division of the same level, or
	// of one around it.
	Divisor bool
}

// A Matcher says what a label has to be.
type Matcher struct {
	Label, Op, Value string // Op is =, !=, =~ or !~
	Start, End       int    // of all of it
}

// Matcher returns what is said of a label, nil for nothing.
func (s *Selector) Matcher(label string) *Matcher {
	for i := range s.Matchers {
		if s.Matchers[i].Label == label {
			return &s.Matchers[i]
		}
	}
	return nil
}

// Find returns the selectors of an expression in their order.
func Find(expr string) []Selector {
	s := &scanner{text: expr}
	s.scan()
	return s.found
}

type scanner struct {
	text  string
	at    int
	found []Selector
	// divided tells for each open parenthesis, and for the outermost level,
	// whether a division stands before on that level.
	divided []bool
}

func (s *scanner) scan() {
	s.divided = []bool{false}
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == '"' || c == '\'' || c == '`':
			if _, ok := s.quoted(); !ok {
				return
			}
		case c == '#':
			s.at += lineLength(s.text[s.at:])
		case c == '(':
			s.divided = append(s.divided, false)
			s.at++
		case c == ')':
			if len(s.divided) > 1 {
				s.divided = s.divided[:len(s.divided)-1]
			}
			s.at++
		case c == '/':
			s.divided[len(s.divided)-1] = true
			s.at++
		case c == '[':
			end := strings.IndexByte(s.text[s.at:], ']')
			if end < 0 {
				return
			}
			s.at += end + 1
		case c == '{':
			if !s.selector("", s.at) {
				return
			}
		case isWord(c):
			start := s.at
			for s.at < len(s.text) && (isWord(s.text[s.at]) || s.text[s.at] == ':') {
				s.at++
			}
			name := s.text[start:s.at]
			s.blanks()
			switch {
			case s.at < len(s.text) && s.text[s.at] == '{':
				if !s.selector(name, start) {
					return
				}
			case s.at < len(s.text) && s.text[s.at] == '(' && isGrouping(name):
				// by (grpc_code): labels, no metrics
				end := strings.IndexByte(s.text[s.at:], ')')
				if end < 0 {
					return
				}
				s.at += end + 1
			case s.at < len(s.text) && s.text[s.at] == '(' || '0' <= name[0] && name[0] <= '9' || isKeyword(name):
			case strings.Contains(name, "_") || strings.Contains(name, ":"):
				s.add(Selector{Metric: name, Start: start, End: start + len(name)})
			}
		default:
			s.at++
		}
	}
}

func (s *scanner) add(sel Selector) {
	for _, divided := range s.divided {
		sel.Divisor = sel.Divisor || divided
	}
	s.found = append(s.found, sel)
}

// selector reads matchers in braces.
func (s *scanner) selector(metric string, start int) bool {
	sel := Selector{Metric: metric, Start: start}
	s.at++
	for {
		s.blanks()
		if s.at >= len(s.text) {
			return false
		}
		if s.text[s.at] == '}' {
			s.at++
			sel.End = s.at
			for _, m := range sel.Matchers {
				if m.Label == "__name__" && m.Op == "=" {
					sel.Metric = m.Value
				}
			}
			s.add(sel)
			return true
		}
		if s.text[s.at] == ',' {
			s.at++
			continue
		}
		m := Matcher{Start: s.at}
		for s.at < len(s.text) && isWord(s.text[s.at]) {
			s.at++
		}
		m.Label = s.text[m.Start:s.at]
		s.blanks()
		for _, op := range []string{"=~", "!~", "!=", "="} {
			if strings.HasPrefix(s.text[s.at:], op) {
				m.Op = op
				break
			}
		}
		if m.Label == "" || m.Op == "" {
			return false
		}
		s.at += len(m.Op)
		s.blanks()
		value, ok := s.quoted()
		if !ok {
			return false
		}
		m.Value, m.End = value, s.at
		sel.Matchers = append(sel.Matchers, m)
	}
}

// quoted reads a string, which is a value or stands between other things.
func (s *scanner) quoted() (string, bool) {
	if s.at >= len(s.text) || !strings.ContainsRune("\"'`", rune(s.text[s.at])) {
		return "", false
	}
	quote := s.text[s.at]
	start := s.at
	for s.at++; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '\\' && quote != '`':
			s.at++
		case c == quote:
			s.at++
			inner := s.text[start+1 : s.at-1]
			if quote != '`' {
				if value, err := strconv.Unquote(`"` + inner + `"`); err == nil {
					return value, true
				}
			}
			return inner, true
		}
	}
	return "", false
}

func (s *scanner) blanks() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

func isWord(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func lineLength(text string) int {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return i
	}
	return len(text)
}

func isGrouping(name string) bool {
	switch strings.ToLower(name) {
	case "by", "without", "on", "ignoring", "group_left", "group_right":
		return true
	}
	return false
}

func isKeyword(name string) bool {
	switch strings.ToLower(name) {
	case "group_left", "group_right":
		return true
	}
	return false
}
