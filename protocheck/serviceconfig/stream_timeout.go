package serviceconfig

import (
	"slices"
	"strings"
	"time"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

var streamTimeoutCheck = check{id: "serviceconfig/stream-timeout"}

// longTimeout is one that somebody gave a stream knowingly, so that it is
// opened anew from time to time.
const longTimeout = 10 * time.Minute

// streamTimeout reports a timeout for all methods of a service that ends
// streams which are to go on.
func (c *checker) streamTimeout(entry *methodEntry, methods []covered) {
	if entry.timeout == nil || entry.timeout.value <= 0 || entry.timeout.value >= longTimeout {
		return
	}
	streams := slices.DeleteFunc(slices.Clone(methods), func(m covered) bool {
		return !m.broad || !m.ServerStream || !goesOn(m)
	})
	maybe := false
	if len(streams) == 0 {
		maybe = true
		streams = slices.DeleteFunc(slices.Clone(methods), func(m covered) bool {
			return !m.broad || !m.ServerStream || !strings.HasPrefix(firstWord(m.Name), "Stream")
		})
	}
	if len(streams) == 0 {
		return
	}
	i := at(entry.timeout.at, streamTimeoutCheck, finding.Risky,
		"%s %s after %s: a timeout is for the whole of a stream, too", several(streams), say.Form(len(streams), "ends", "end"), seconds(entry.timeout.value))
	if maybe {
		i.severity = rule.Info // StreamLogs goes on, StreamAnswer ends
	}
	i.related = []related{{"the entry is for all methods", streams[0].by.start, streams[0].by.end}}
	c.add(i)
}

// goesOn reports whether a stream's name says that it lasts as long as
// somebody listens.
func goesOn(m covered) bool {
	switch firstWord(m.Name) {
	case "Watch", "Subscribe", "Tail", "Follow", "Listen":
		return true
	}
	return false
}
