package protocheck

import (
	"regexp"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// etagOf returns the message's etag (AIP-154), nil if it has none.
func etagOf(m protoreflect.MessageDescriptor) protoreflect.FieldDescriptor {
	f := m.Fields().ByName("etag")
	if f == nil || isDeprecated(f) {
		return nil
	}
	return f
}

// version is in the names of fields that do what an etag does.
var version = regexp.MustCompile(`(^|_)(conflict|etag|fingerprint|generation|hash|metageneration|resource_?version|revision|revision_id|version|versions|checksum|precondition|preconditions|expected|current|old|previous|prev|if|txn|transaction)(_|$)`)

// guarded reports whether a message tells which state it is meant for. An
// etag that is OUTPUT_ONLY counts: it may be sent in a header.
func guarded(m protoreflect.MessageDescriptor) bool {
	for f := range all(m.Fields()) {
		if version.MatchString(string(f.Name())) {
			return true
		}
	}
	return false
}
