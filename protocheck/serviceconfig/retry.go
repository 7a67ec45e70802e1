package serviceconfig

// retries says what a valid policy does otherwise than it seems to.
func (c *checker) retries(entry *methodEntry) {
	p := entry.retry
	c.quirkyDuration(p.initialBackoff)
	c.quirkyDuration(p.maxBackoff)
	c.clampedAttempts(p)
	reads := c.reads(entry)
	for i, code := range p.codes.items {
		c.codeToRetry(code.code, p.codes.nodes[i], reads)
	}
	c.invertedBackoff(p)
	c.shrinkingBackoff(p)
	c.tinyBackoff(p)
	c.backoff(entry)
}

// codeToRetry checks a code to retry upon. Reads says that all methods of the
// entry only read.
func (c *checker) codeToRetry(code code, n *node, reads bool) {
	if code == codeOK {
		c.okCode(n)
		return
	}
	if helps := c.retryCode(code, n, reads); helps && n.kind == number {
		c.codeNumber(code, n)
	}
}
