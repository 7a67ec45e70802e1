package protocheck

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

var etagWord = regexp.MustCompile("(?i)\\be-?tags?\\b")

// etagCode reports comments that promise FAILED_PRECONDITION for an etag
// that does not match. It means that a retry cannot help, whereas ABORTED
// means that reading again and retrying does (AIP-154).
func etagCode(p *pass, file protoreflect.FileDescriptor) {
	const promised = "FAILED_PRECONDITION"
	want := cmp.Or(p.opts.EtagCode, "ABORTED")
	if want == promised || !p.source.Mentions(file, promised) {
		return
	}
	eachMessage(file.Messages(), func(m protoreflect.MessageDescriptor) {
		f := etagOf(m)
		if f == nil {
			return
		}
		if comment := p.source.Comment(f); promises(comment, promised, want) {
			p.report(etagCodeIssue(f, promised, want))
		}
	})
	for service := range all(file.Services()) {
		for m := range all(service.Methods()) {
			for _, sentence := range sentences(p.source.Comment(m)) {
				if etagWord.MatchString(sentence) && promises(sentence, promised, want) {
					p.report(etagCodeIssue(m, promised, want))
				}
			}
		}
	}
}

func etagCodeIssue(d protoreflect.Descriptor, promised, want string) Issue {
	return Issue{
		At:      Element{Descriptor: d, Part: Name},
		Message: fmt.Sprintf("clients take it that no retry can help: the comment of %s promises %s for a stale etag, not %s", d.Name(), promised, want),
	}
}

// promises reports whether a text says that a stale etag ends with a code, and
// does not speak of the one that is wanted.
func promises(text, code, want string) bool {
	return strings.Contains(text, code) && !strings.Contains(text, want) && mismatch.MatchString(text)
}

// mismatch is in sentences on etags that are not the current one.
var mismatch = regexp.MustCompile(`(?i)match|differ|stale|conflict|outdated|out of date|out-of-date|not current|not the same|equal`)
