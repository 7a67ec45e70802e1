package protocheck

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// idempotencyLevel reports methods whose idempotency_level, HTTP verb and
// name cannot all be true. What the level allows is done: clients and
// proxies repeat, cache and send as GET what has NO_SIDE_EFFECTS.
func idempotencyLevel(p *pass, r *rpc) {
	switch r.level {
	case method.NoSideEffects:
		noSideEffects(p, r)
	case method.Idempotent:
		idempotent(p, r)
	default:
		mutatingGet(p, r)
	}
}

func noSideEffects(p *pass, r *rpc) {
	at := Element{Descriptor: r.MethodDescriptor, Part: Option, Option: "idempotency_level"}
	for _, binding := range r.http {
		switch binding.Verb {
		case "PUT", "PATCH", "DELETE":
		case "POST":
			if customVerb(binding.Path) != "" || !changes(r) {
				continue // a read whose request does not fit in a URL: ":search"
			}
		default:
			continue
		}
		p.report(Issue{
			At:      at,
			Message: fmt.Sprintf("clients may send %s as GET, repeat it and cache the reply: NO_SIDE_EFFECTS, but %s over HTTP", r.Name(), binding.Verb),
			Related: []Related{{At: Element{Descriptor: r.MethodDescriptor, Part: Option, Option: httpOption}, Message: "what changes something is bound here"}},
			Fixes:   removeLevel(at),
		})
		return
	}
	if changes(r) {
		p.report(Issue{
			Severity: rule.Warning,
			At:       at,
			Message:  fmt.Sprintf("clients may send %s as GET, repeat it and cache the reply: NO_SIDE_EFFECTS is not what its name says", r.Name()),
			Fixes:    removeLevel(at),
		})
	}
}

func idempotent(p *pass, r *rpc) {
	if !changes(r) || r.undeclared.Class != method.Mutating || r.undeclared.Doubt {
		return // a token, an etag or an id that the client chooses may make it so
	}
	at := Element{Descriptor: r.MethodDescriptor, Part: Option, Option: "idempotency_level"}
	p.report(Issue{
		Severity: rule.Warning,
		At:       at,
		Message:  fmt.Sprintf("a retried %s may take effect twice: it is IDEMPOTENT, but nothing in %s tells a repetition", r.Name(), r.Input().Name()),
		Fixes:    removeLevel(at),
	})
}

func mutatingGet(p *pass, r *rpc) {
	if !changes(r) {
		return
	}
	for _, binding := range r.http {
		if binding.Verb == "GET" {
			p.report(Issue{
				Severity: rule.Warning,
				At:       Element{Descriptor: r.MethodDescriptor, Part: Option, Option: httpOption},
				Message:  fmt.Sprintf("proxies and browsers may call %s unasked, repeat it and cache the reply: it is a GET over HTTP", r.Name()),
			})
			return
		}
	}
}

const httpOption = "(google.api.http)"

func removeLevel(at Element) []Fix {
	return []Fix{{Message: "Remove the idempotency_level", Edits: []Edit{{At: at}}}}
}

// plain verbs say that something changes, and nothing else. Add may be
// arithmetic, Generate and Sign may be functions, Run may run a query.
var plain = []string{
	"Append", "Charge", "Create", "Delete", "Deregister", "Enqueue", "Insert", "Patch", "Publish", "Purge", "Refund", "Register", "Remove",
	"Rename", "Send", "Undelete", "Unregister", "Update", "Upsert", "Withdraw",
}

// changes reports whether the method's name says that it changes something.
func changes(r *rpc) bool {
	verb, effect := method.Verb(string(r.Name()))
	return effect > method.Reads && slices.Contains(plain, verb)
}
