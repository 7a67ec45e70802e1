package serviceconfig

import (
	"slices"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

var streamRetryCheck = check{id: "serviceconfig/stream-retry"}

// streamRetry reports retries of streams that the client sends.
func (c *checker) streamRetry(entry *methodEntry, methods []covered) {
	streams := slices.DeleteFunc(slices.Clone(methods), func(m covered) bool { return !m.ClientStream || m.byDefault })
	if len(streams) == 0 {
		return
	}
	i := at(streams[0].by, streamRetryCheck, finding.Risky,
		"%s %s hardly retried: a stream is not sent again after the first reply, or after 256 KB", several(streams), say.Form(len(streams), "is", "are"))
	i.related = []related{{"the retry policy", entry.retry.key.start, entry.retry.key.end}}
	c.add(i)
}
