package protocheck

import (
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/method"
)

// isToken reports whether a field has the name of a token that makes a
// request unique (AIP-155).
func (p *pass) isToken(f protoreflect.FieldDescriptor) bool {
	return slices.Contains(p.opts.Tokens, method.Snake(string(f.Name())))
}

// tokens returns the fields of the request that are tokens by their name. A
// request_id that tells one request from another in logs is none: it is in
// streams and, to be found there, in replies.
func (p *pass) tokens(r *rpc) []protoreflect.FieldDescriptor {
	if !r.unary() || !r.mutates() {
		return nil
	}
	var tokens []protoreflect.FieldDescriptor
	for f := range all(r.Input().Fields()) {
		if p.isToken(f) && !isDeprecated(f) && r.Output().Fields().ByName(f.Name()) == nil {
			tokens = append(tokens, f)
		}
	}
	return tokens
}

// tracing are words in the comment of a field that is there to be logged.
var tracing = regexp.MustCompile(`(?i)\b(trac(e|es|ing)|correlat(e|es|ion)|debug(ging)?|logs?|logging)\b`)

// deduplicating are words in the comment of a field that makes repeated
// requests harmless.
var deduplicating = regexp.MustCompile(`(?i)idempoten|duplicat|retr(y|ies|ied)|unique`)

// uuid is in the comment of a field that holds one.
var uuid = regexp.MustCompile(`(?i)\bUUIDs?\b`)

// sentences splits a comment where one sentence ends and another begins,
// not at "e.g.".
func sentences(comment string) []string {
	text := strings.Join(strings.Fields(comment), " ")
	var found []string
	for {
		end := sentenceEnd.FindStringIndex(text)
		if end == nil {
			return append(found, text)
		}
		found = append(found, text[:end[0]+1])
		text = text[end[1]-1:]
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?] [^a-z(]`)
