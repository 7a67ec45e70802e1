package protocheck

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/rule"
)

// Options say what is checked, and how.
type Options struct {
	// Enabled reports whether a rule runs; nil stands for the rules that
	// are on by default.
	Enabled func(*rule.Rule) bool
	// Tokens are the names of the fields that make a request unique, nil for
	// [method.DefaultTokens].
	Tokens []string
	// EtagCode is the status code with which the project's servers refuse
	// an etag that does not match, "" for ABORTED (AIP-154).
	EtagCode string
}

// Check returns what the rules find in a file, rule by rule and within a
// rule from the top of the file to its end. What the compiler could not
// resolve, be it a type or an option, is judged by no rule that needs it.
func Check(file protoreflect.FileDescriptor, source Source, opts Options) []Issue {
	if file.IsPlaceholder() {
		return nil
	}
	enabled := opts.Enabled
	if enabled == nil {
		enabled = func(r *rule.Rule) bool { return r.On }
	}
	if opts.Tokens == nil {
		opts.Tokens = method.DefaultTokens()
	}
	if source == nil {
		source = unknown{}
	}
	p := &pass{source: source, opts: opts, said: make(map[Place]bool)}
	for _, c := range checks {
		if r := rule.MustLookup(c.id); enabled(r) {
			p.rule = r
			c.run(p, file)
		}
	}
	return p.issues
}

// A check is what a rule does. One of its functions is set: it is called
// for each declaration of its kind in a file.
type check struct {
	id      string
	file    func(*pass, protoreflect.FileDescriptor)
	message func(*pass, protoreflect.MessageDescriptor)
	method  func(*pass, *rpc)
}

// checks are the rules, sorted by id.
var checks = []check{
	{id: "etag/behavior", method: etagBehavior},
	{id: "etag/blind-update", method: etagBlindUpdate},
	{id: "etag/code", file: etagCode},
	{id: "etag/declarative", message: etagDeclarative},
	{id: "etag/duplicate", method: etagDuplicate},
	{id: "etag/missing", method: etagMissing},
	{id: "etag/type", message: etagType},
	{id: "idempotency/level", method: idempotencyLevel},
	{id: "idempotency/no-token", method: idempotencyNoToken},
	{id: "idempotency/stream-resume", method: idempotencyStreamResume},
	{id: "idempotency/token-doc", method: idempotencyTokenDoc},
	{id: "idempotency/token-format", method: idempotencyTokenFormat},
	{id: "idempotency/token-on-resource", message: idempotencyTokenOnResource},
	{id: "idempotency/token-required", method: idempotencyTokenRequired},
	{id: "idempotency/token-type", method: idempotencyTokenType},
	{id: "idempotency/unmarked-read", method: idempotencyUnmarkedRead},
	{id: "proto/unversioned", file: protoUnversioned},
}

func (c check) run(p *pass, file protoreflect.FileDescriptor) {
	switch {
	case c.file != nil:
		c.file(p, file)
	case c.message != nil:
		eachMessage(file.Messages(), func(m protoreflect.MessageDescriptor) { c.message(p, m) })
	case c.method != nil:
		for _, r := range p.rpcsOf(file) {
			c.method(p, r)
		}
	}
}

// A pass is one check of one file.
type pass struct {
	source Source
	opts   Options
	rule   *rule.Rule
	rpcs   []*rpc // of the file, once somebody asked for them
	issues []Issue
	said   map[Place]bool // in them
}

// report adds an issue of the rule that runs, unless the rule has said the
// same of the place: a message may be the request of several methods.
func (p *pass) report(issue Issue) {
	issue.Rule = p.rule
	if place := issue.Place(); !p.said[place] {
		p.said[place] = true
		p.issues = append(p.issues, issue)
	}
}

// eachMessage visits messages and those that they contain, but not the
// entries of maps.
func eachMessage(messages protoreflect.MessageDescriptors, visit func(protoreflect.MessageDescriptor)) {
	for m := range all(messages) {
		if m.IsMapEntry() {
			continue
		}
		visit(m)
		eachMessage(m.Messages(), visit)
	}
}

// all iterates over a list of descriptors.
func all[D any](list interface {
	Len() int
	Get(int) D
}) func(yield func(D) bool) {
	return func(yield func(D) bool) {
		for i := range list.Len() {
			if !yield(list.Get(i)) {
				return
			}
		}
	}
}

// unknown is the source of those who have only descriptors.
type unknown struct{}

func (unknown) Comment(protoreflect.Descriptor) string            { return "" }
func (unknown) Mentions(protoreflect.FileDescriptor, string) bool { return true }
