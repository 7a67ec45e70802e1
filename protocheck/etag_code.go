package protocheck

import (
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
	if p.opts.EtagCode == promised || !p.source.Mentions(file, promised) {
		return
	}
	eachMessage(file.Messages(), func(m protoreflect.MessageDescriptor) {
		f := etagOf(m)
		if f == nil {
			return
		}
		if comment := p.source.Comment(f); promises(comment, promised) {
			p.report(etagCodeIssue(f, promised))
		}
	})
	for service := range all(file.Services()) {
		for m := range all(service.Methods()) {
			for _, sentence := range sentences(p.source.Comment(m)) {
				if etagWord.MatchString(sentence) && promises(sentence, promised) {
					p.report(etagCodeIssue(m, promised))
				}
			}
		}
	}
}

func etagCodeIssue(d protoreflect.Descriptor, promised string) Issue {
	return Issue{
		At:      Element{Descriptor: d, Part: Name},
		Message: fmt.Sprintf("clients take it that no retry can help: the comment of %s promises %s for a stale etag, not ABORTED", d.Name(), promised),
	}
}

// promises reports whether a text says that a stale etag ends with a code.
func promises(text, code string) bool {
	return strings.Contains(text, code) && !strings.Contains(text, "ABORTED") && mismatch.MatchString(text)
}

// mismatch is in sentences on etags that are not the current one.
var mismatch = regexp.MustCompile(`(?i)match|differ|stale|conflict|outdated|out of date|out-of-date|not current|not the same|equal`)
