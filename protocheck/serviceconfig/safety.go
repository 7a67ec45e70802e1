package serviceconfig

import "slices"

// triedBytes is how much is read again to see what fixes do, in all: enough
// for hundreds of fixes in a config of usual size. The fixes of larger ones
// are for people to look at.
const triedBytes = 1 << 20

// doubtFixes takes the word safe from fixes that would make grpc-go refuse a
// config that it accepts: what was ignored so far, be it right or wrong,
// begins to count.
func (c *checker) doubtFixes() {
	if c.rejections > 0 {
		return // nothing can get worse
	}
	left := triedBytes
	for i := range c.issues {
		issue := &c.issues[i]
		if issue.fix == nil || !issue.fix.safe {
			continue
		}
		left -= len(c.src)
		if left < 0 || c.refusedAfter(issue.fix) {
			issue.fix.safe = false
		}
	}
}

// refusedAfter reports whether grpc-go refuses the config with a fix made.
func (c *checker) refusedAfter(f *fix) bool {
	fixed := slices.Clone(c.src)
	edits := slices.Clone(f.edits)
	slices.SortFunc(edits, func(a, b edit) int { return b.start - a.start })
	for _, e := range edits {
		fixed = slices.Replace(fixed, e.start, e.end, []byte(e.text)...)
	}
	after := &checker{src: fixed, opts: c.opts, sem: c.sem}
	_, _, _ = after.run() // its error is a rejection
	return after.rejections > 0
}
