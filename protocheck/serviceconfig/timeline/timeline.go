// Package timeline shows when grpc-go makes the attempts of an RPC, as a
// service config has it: in text for a terminal, and as a drawing.
package timeline

import (
	"time"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// A Timeline is the course of one RPC whose attempts all fail at once with a
// code that is retried. What the attempts themselves take comes on top.
type Timeline struct {
	Config   serviceconfig.MethodConfig
	Deadline time.Duration // of all attempts together; 0 if there is none
	Attempts []Attempt
}

// An Attempt to get an RPC done, the first of which starts at 0.
type Attempt struct {
	Number           int           // from 1
	Backoff          time.Duration // before it, without jitter
	Earliest, Latest time.Duration
	Fate             Fate
}

// Fate says whether an attempt is made.
type Fate int

// Fates, from good to bad.
const (
	Made      Fate = iota
	Uncertain      // if its backoffs are long, the deadline comes before
	Throttled      // after so many failures in a row there are not enough tokens
	TooLate        // the deadline comes before
)

func (f Fate) String() string {
	return [...]string{Made: "made", Uncertain: "possibly after the deadline", Throttled: "throttled", TooLate: "after the deadline"}[f]
}

// mostAttempts is how many attempts are shown; grpc-go makes 5, unless an
// option says otherwise.
const mostAttempts = 100

// Of returns the course of an RPC.
func Of(m serviceconfig.MethodConfig) Timeline {
	t := Timeline{Config: m}
	if m.HasTimeout && m.Timeout > 0 {
		t.Deadline = m.Timeout
	}
	first := Attempt{Number: 1}
	if m.HasTimeout && m.Timeout == 0 {
		first.Fate = TooLate
	}
	t.Attempts = []Attempt{first}
	if m.Retry == nil || first.Fate == TooLate {
		return t
	}
	last := first
	for n := 2; n <= min(m.Retry.Attempts, mostAttempts); n++ {
		backoff := m.Retry.Backoff(n)
		last = Attempt{
			Number:   n,
			Backoff:  backoff,
			Earliest: last.Earliest + scale(backoff, m.Retry.LeastJitter),
			Latest:   last.Latest + scale(backoff, m.Retry.MostJitter),
		}
		switch {
		case t.Deadline > 0 && last.Earliest >= t.Deadline:
			last.Fate = TooLate
		case m.Throttle != nil && n-1 > m.Throttle.Retries:
			last.Fate = Throttled
		case t.Deadline > 0 && last.Latest >= t.Deadline:
			last.Fate = Uncertain
		}
		t.Attempts = append(t.Attempts, last)
	}
	return t
}

// longest is where times are cut off, so that no sum of them overflows.
const longest = 10 * 365 * 24 * time.Hour

func scale(d time.Duration, factor float64) time.Duration {
	return time.Duration(min(float64(d)*factor, float64(longest/mostAttempts)))
}
