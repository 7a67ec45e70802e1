package bufplugin

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/finding/directive"
	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/rule"
)

// comments are those that buf hands over with the descriptors.
type comments struct{}

func (comments) Comment(d protoreflect.Descriptor) string {
	location := d.ParentFile().SourceLocations().ByDescriptor(d)
	return location.LeadingComments + location.TrailingComments
}

func (comments) Mentions(file protoreflect.FileDescriptor, words string) bool {
	locations := file.SourceLocations()
	for i := range locations.Len() {
		l := locations.Get(i)
		if strings.Contains(l.LeadingComments, words) || strings.Contains(l.TrailingComments, words) {
			return true
		}
	}
	return false
}

// ignored reports whether a directive silences an issue, as in grpclint's
// own runs: at the declaration, at one around it, or for the whole file. buf
// has comments of its own for the same purpose, and honours them itself.
func ignored(issue protocheck.Issue) bool {
	locations := issue.At.Descriptor.ParentFile().SourceLocations()
	for d := issue.At.Descriptor; d != nil; d = d.Parent() {
		if _, isFile := d.(protoreflect.FileDescriptor); isFile {
			break
		}
		l := locations.ByDescriptor(d)
		if silences(l.LeadingComments, directive.Ignore, issue.Rule) || silences(l.TrailingComments, directive.Ignore, issue.Rule) {
			return true
		}
	}
	for i := range locations.Len() {
		l := locations.Get(i)
		for _, comment := range append(slices.Clip(l.LeadingDetachedComments), l.LeadingComments, l.TrailingComments) {
			if silences(comment, directive.FileIgnore, issue.Rule) {
				return true
			}
		}
	}
	return false
}

// silences reports whether a comment, which has lost its markers, holds a
// directive of that kind for a rule.
func silences(comment string, kind directive.Kind, r *rule.Rule) bool {
	for line := range strings.Lines(comment) {
		d := directive.Parse("//"+strings.TrimRight(line, "\r\n"), 0)
		if d == nil || d.Kind != kind {
			continue
		}
		for _, s := range d.Selectors {
			if rules, err := rule.Select(s.Text); err == nil && slices.Contains(rules, r) {
				return true
			}
		}
	}
	return false
}
