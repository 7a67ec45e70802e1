package protocheck

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// versioned is a component of a package's name: v1, v1beta1, v2p1alpha.
var versioned = regexp.MustCompile(`^v[0-9]+(p[0-9]+)?((alpha|beta|test|eap|main|master)[0-9]*)?$`)

// protoUnversioned reports services in packages without a version: they have
// no place for a next one (AIP-215).
func protoUnversioned(p *pass, file protoreflect.FileDescriptor) {
	if file.Services().Len() == 0 {
		return // may be shared by versions
	}
	for component := range strings.SplitSeq(string(file.Package()), ".") {
		if versioned.MatchString(component) {
			return
		}
	}
	name := "the package " + string(file.Package())
	if file.Package() == "" {
		name = "the file, which has no package,"
	}
	p.report(Issue{
		At:      Element{Descriptor: file, Part: Name},
		Message: fmt.Sprintf("every breaking change breaks every client: %s has no version to put it in, such as v1", name),
	})
}
