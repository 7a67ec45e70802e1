// Package claim holds what a package tells about the programs that it is part
// of, and what findings take for granted of these.
//
// A package is judged by itself and what it imports. Whether an interceptor
// converts the errors of its handlers, say, is decided above it. Its findings
// about them are made all the same, and stand on a [Condition]: that nobody
// claims [MapsErrors]. A package that installs such an interceptor makes the
// [Claim]. A run that sees both, in a [World], decides; where none does, as in
// go vet, the finding stands.
//
// A new claim is one constant, the family that makes it and the finding that
// stands on it: nothing between them knows one kind from another.
package claim

import "github.com/grpclint/grpclint/rule"

// A Kind says what is claimed. The documentation of each says what its keys
// are; one without has the key "".
type Kind string

// Kinds.
const (
	// Deadline: a dial, or a service config in a file, gives the RPCs of a
	// service ("package.Service") or a method ("/package.Service/Method") a
	// deadline, or may.
	Deadline Kind = "deadline"
	// Serves: a type ("import/path.Type") becomes a generated server interface.
	Serves Kind = "serves"
	// MapsErrors: an interceptor of a server converts what handlers return,
	// or may.
	MapsErrors Kind = "maps errors"
	// RebuildsErrors: an interceptor of a connection converts the errors of
	// RPCs, or may.
	RebuildsErrors Kind = "rebuilds errors"
	// Recovers: an interceptor of a server recovers from panics.
	Recovers Kind = "recovers"
	// ReadsToken: something reads the idempotency token of a message
	// ("import/path.Message").
	ReadsToken Kind = "reads token"
	// SendsOn: an interceptor of a server gives the contexts of handlers
	// outgoing metadata, or may.
	SendsOn Kind = "sends metadata on"
	// CopiesIncoming: a function gives a context as outgoing metadata what it has
	// as incoming, or may; clients may have an interceptor that calls it.
	CopiesIncoming Kind = "copies incoming metadata"
	// RegistersBalancer: a load balancing policy of the program's own is
	// registered.
	RegistersBalancer Kind = "registers a balancer"
	// DisablesRetry: connections are made with grpc.WithDisableRetry beside the
	// service config that another package gives to the option at a place
	// ("import/path/file.go:1:2"), or beside any.
	DisablesRetry Kind = "disables retry"
	// AllowsPings: a server allows keepalive pings, [InStream] or [Idle], at
	// an interval of the claim's level in nanoseconds.
	AllowsPings Kind = "allows pings"
	// ReconcilesInTime: reconciliations get a deadline by an option of
	// controller-runtime's, or in a reconciler around others, or may.
	ReconcilesInTime Kind = "reconciles in time"
	// CatchesTerm: a program waits for SIGTERM, or for signals that are not
	// known.
	CatchesTerm Kind = "catches SIGTERM"
	// EndsByItself: a main package is a program that uses gRPC and ends by
	// itself.
	EndsByItself Kind = "ends by itself"
)

// Keys of AllowsPings: while there is an RPC, and while there is none.
const (
	InStream = "in a stream"
	Idle     = "idle"
)

// Any is the key of a claim that is made of every key, because of which is
// not known.
const Any = "*"

// A Claim is what a package says.
type Claim struct {
	Kind Kind
	Key  string
	// Level is the lowest one, if claims of the kind have levels, for which
	// it is made.
	Level int64
}

// A Condition is what a finding stands on: that somebody claims something, or
// that nobody does.
type Condition struct {
	Kind  Kind
	Keys  []string // a claim of any of them counts
	Level int64

	// Needed: somebody has to make the claim. Else nobody may.
	Needed bool
	By     By

	// Part is the subject of the part of the finding that the condition is
	// for; "" if it is for all of it.
	Part string
	// Lowered is the severity that is left if the condition does not hold;
	// zero if nothing is.
	Lowered rule.Severity
}

// By says whose claims decide.
type By uint8

// Those who make claims.
const (
	Around   By = iota // the package and those that import it: one of them
	Programs           // the main packages among these: all of them
	Anyone             // one of the packages that are looked at
)

// If is the condition that somebody around claims one of the keys.
func If(kind Kind, keys ...string) Condition {
	c := Unless(kind, keys...)
	c.Needed = true
	return c
}

// Unless is the condition that nobody around claims one of the keys.
func Unless(kind Kind, keys ...string) Condition {
	if len(keys) == 0 {
		keys = []string{""}
	}
	return Condition{Kind: kind, Keys: keys}
}

// Lower is the condition of what is more severe than a severity: where it does
// not hold, that is left.
func (c Condition) Lower(to rule.Severity) Condition {
	c.Lowered = to
	return c
}

// Of is the condition of a part of a finding.
func (c Condition) Of(part string) Condition {
	c.Part = part
	return c
}

// Lasting is the condition of findings that matter only in programs that last:
// not every program around ends by itself. It makes a note of the others.
func Lasting() Condition {
	c := Unless(EndsByItself).Lower(rule.Info)
	c.By = Programs
	return c
}
