package serviceconfig

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/grpclint/grpclint/finding"
)

// A Config is what grpc-go makes of a service config that it accepts.
type Config struct {
	values *config
	sem    semantics
	opts   Options
	owner  map[string]int // from the path of a name to the entry that has it
	src    []byte
}

// Read decodes a config as grpc-go does. The error of a config that grpc-go
// refuses is that of the first finding that says so.
func Read(src []byte, opts Options) (*Config, error) {
	sem, err := semanticsOf(opts)
	if err != nil {
		return nil, err
	}
	opts.Dialect = Runtime // what grpc-go makes of it is the question
	c := &checker{src: src, opts: opts, sem: sem}
	root, err := parse(src)
	if err != nil {
		return nil, fmt.Errorf("no JSON: %w", err)
	}
	cfg := &Config{values: c.document(root), sem: sem, opts: opts, owner: make(map[string]int), src: src}
	for _, i := range c.issues {
		if i.effect == finding.Rejected {
			return nil, fmt.Errorf("line %d: %s", lineOf(src, i.start), i.message)
		}
	}
	if cfg.values.methods != nil {
		for i := range cfg.values.methods.items {
			if names := cfg.values.methods.items[i].names; names != nil {
				for j := range names.items {
					cfg.owner[names.items[j].path()] = i
				}
			}
		}
	}
	return cfg, nil
}

func lineOf(src []byte, offset int) int {
	return 1 + strings.Count(string(src[:offset]), "\n")
}

// Names returns what the config has entries for, in its order: methods as
// "pkg.Service/Method", services as "pkg.Service", and "" for the default.
func (c *Config) Names() []string {
	if c.values.methods == nil {
		return nil
	}
	var names []string
	for i := range c.values.methods.items {
		if list := c.values.methods.items[i].names; list != nil {
			for _, n := range list.items {
				names = append(names, plainName(n))
			}
		}
	}
	return names
}

func plainName(n nameEntry) string {
	name := n.service.get()
	if method := n.method.get(); method != "" {
		name += "/" + method
	}
	return name
}

// A MethodConfig is what applies to the RPCs of a method.
type MethodConfig struct {
	Method string // as asked for: "pkg.Service/Method", "pkg.Service" for its other methods, "" for all others

	Entry    *Entry  // that applies; nil if none does
	Replaced []Entry // broader ones, which do not apply because of it

	Timeout         time.Duration // of 0 fails at once, below 0 is none
	HasTimeout      bool
	WaitForReady    bool
	MaxRequestBytes *int64
	MaxReplyBytes   *int64

	Retry   *RetryPolicy // nil if RPCs are not retried
	NoRetry string       // why there is a policy and RPCs are not retried

	Throttle *Throttle // nil if retries are not throttled
}

// An Entry of methodConfig.
type Entry struct {
	Name     string // that matched: a method, a service, or "" for all
	Line     int    // of the name in the config, from 1
	Settings []string
}

// A RetryPolicy as grpc-go uses it.
type RetryPolicy struct {
	Attempts   int   // the first included, after the cap
	Written    int64 // before the cap
	Initial    time.Duration
	Max        time.Duration
	Multiplier float64
	Codes      []string

	// A backoff is multiplied with a random factor between these.
	LeastJitter, MostJitter float64
}

// Backoff returns the wait before an attempt, from the second, before
// jitter.
func (p *RetryPolicy) Backoff(attempt int) time.Duration {
	d := float64(p.Initial) * math.Pow(p.Multiplier, float64(attempt-2))
	return time.Duration(min(d, float64(p.Max)))
}

// A Throttle is the bucket of tokens that limits retries.
type Throttle struct {
	MaxTokens, TokenRatio float64
	// Retries is how many failures in a row are retried from a full
	// bucket on.
	Retries int
}

// Method returns what applies to a method: "pkg.Service/Method", also with a
// slash before; "pkg.Service" for methods without an entry of their own; ""
// for those of services without one.
func (c *Config) Method(method string) MethodConfig {
	method = strings.TrimPrefix(method, "/")
	m := MethodConfig{Method: method}
	service, _, isMethod := strings.Cut(method, "/")
	paths := []string{""}
	if service != "" {
		paths = []string{"/" + service + "/", ""}
	}
	if isMethod {
		paths = slices.Insert(paths, 0, "/"+method)
	}
	for _, path := range paths {
		i, ok := c.owner[path]
		if !ok {
			continue
		}
		entry := c.entry(i, path)
		if m.Entry != nil {
			m.Replaced = append(m.Replaced, entry)
			continue
		}
		m.Entry = &entry
		c.fill(&m, &c.values.methods.items[i])
	}
	return m
}

func (c *Config) fill(m *MethodConfig, e *methodEntry) {
	if e.timeout != nil {
		m.Timeout, m.HasTimeout = e.timeout.value, true
	}
	m.WaitForReady = e.waitForReady != nil && e.waitForReady.value
	if e.maxRequest != nil {
		m.MaxRequestBytes = &e.maxRequest.value
	}
	if e.maxResponse != nil {
		m.MaxReplyBytes = &e.maxResponse.value
	}
	if e.retry == nil {
		return
	}
	checker := &checker{src: c.src, sem: c.sem, opts: c.opts}
	switch {
	case !checker.retryPolicy(e.retry):
		m.NoRetry = "grpc-go drops the policy, which is not valid"
		return
	case c.opts.DisableRetry:
		m.NoRetry = "retries are disabled by grpc.WithDisableRetry"
		return
	}
	p := e.retry
	m.Retry = &RetryPolicy{
		Attempts: checker.attempts(p), Written: p.maxAttempts.value,
		Initial: p.initialBackoff.value, Max: p.maxBackoff.value, Multiplier: p.multiplier.value,
	}
	m.Retry.LeastJitter, m.Retry.MostJitter = checker.jitter()
	for _, code := range p.codes.items {
		if name := code.code.String(); !slices.Contains(m.Retry.Codes, name) {
			m.Retry.Codes = append(m.Retry.Codes, name)
		}
	}
	if t := c.values.throttling; t != nil {
		m.Throttle = &Throttle{t.maxTokens.get(), t.tokenRatio.get(), retriesOf(t.maxTokens.get())}
	}
}

// entry describes an entry by the name with that path.
func (c *Config) entry(i int, path string) Entry {
	e := &c.values.methods.items[i]
	var entry Entry
	for j, n := range e.names.items {
		if n.path() == path {
			entry.Name, entry.Line = plainName(n), lineOf(c.src, e.names.nodes[j].start)
		}
	}
	if e.timeout != nil {
		entry.Settings = append(entry.Settings, "timeout "+seconds(e.timeout.value))
	}
	if e.retry != nil {
		entry.Settings = append(entry.Settings, "retryPolicy")
	}
	if e.waitForReady != nil {
		entry.Settings = append(entry.Settings, fmt.Sprintf("waitForReady %v", e.waitForReady.value))
	}
	if e.maxRequest != nil {
		entry.Settings = append(entry.Settings, fmt.Sprintf("maxRequestMessageBytes %d", e.maxRequest.value))
	}
	if e.maxResponse != nil {
		entry.Settings = append(entry.Settings, fmt.Sprintf("maxResponseMessageBytes %d", e.maxResponse.value))
	}
	return entry
}
