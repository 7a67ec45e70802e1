package serviceconfig

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// The decoder does what encoding/json does when grpc-go reads a config into
// its structs, and remembers where each value came from. What it must get
// right, because configs are accepted or refused by it: keys match in any
// case; of a repeated key every value is decoded, on top of the ones before,
// so that objects merge and lists merge by index; null unsets what is a
// pointer in grpc-go, and leaves the rest as it was.

// A config holds the values that take effect.
type config struct {
	policy     *textValue
	policyKey  *node
	balancers  *node // of loadBalancingConfig
	methods    *list[methodEntry]
	throttling *throttlingValue
	health     *node // the object
	healthKey  *node

	// throttled is set when there is a retryThrottling, be it null.
	throttled bool
}

// A methodEntry is an element of methodConfig.
//
// A list may hold elements beyond its length that a repeated key brings back
// to life; how many depends on the size of an element in grpc-go. So the
// types of elements have six and four words, as there.
type methodEntry struct {
	names        *list[nameEntry]
	waitForReady *boolValue
	timeout      *durationValue
	maxRequest   *intValue
	maxResponse  *intValue
	retry        *retryValue
}

type nameEntry struct {
	service, method *textValue
	_               [2]*node
}

// path is what grpc-go tells names apart by.
func (n nameEntry) path() string {
	if n.service.get() == "" {
		return ""
	}
	return "/" + n.service.get() + "/" + n.method.get()
}

type retryValue struct {
	key, at        *node
	maxAttempts    *intValue
	initialBackoff *durationValue
	maxBackoff     *durationValue
	multiplier     *floatValue
	codes          list[codeEntry]
	codesAt        *node
	broken         bool // a value of a wrong type was reported
}

type codeEntry struct {
	code code
	at   *node
}

type throttlingValue struct {
	key, at               *node
	maxTokens, tokenRatio *floatValue
	broken                bool
}

// A value, and where it stands. Nil pointers to values stand for what is not
// set.
type (
	textValue struct {
		value   string
		key, at *node
	}
	boolValue struct {
		value   bool
		key, at *node
	}
	intValue struct {
		value   int64
		key, at *node
	}
	floatValue struct {
		value   float64
		key, at *node
	}
	durationValue struct {
		value   time.Duration
		key, at *node
	}
)

func (v *textValue) get() string {
	if v == nil {
		return ""
	}
	return v.value
}

func (v *intValue) get() int64 {
	if v == nil {
		return 0
	}
	return v.value
}

func (v *floatValue) get() float64 {
	if v == nil {
		return 0
	}
	return v.value
}

func (v *durationValue) get() time.Duration {
	if v == nil {
		return 0
	}
	return v.value
}

// A list of elements, and the nodes that they were last read from.
type list[T any] struct {
	key, at *node
	items   []T
	nodes   []*node
}

// decode reads the elements of n on top of those that the list has.
func (l *list[T]) decode(n *node, element func(n *node, into *T)) {
	for i, e := range n.elements {
		if i >= cap(l.items) {
			l.items = slices.Grow(l.items, 1)
		}
		if i >= len(l.items) {
			l.items = l.items[:i+1]
		}
		element(e, &l.items[i])
		if i < len(l.nodes) {
			l.nodes[i] = e
		} else {
			l.nodes = append(l.nodes, e)
		}
	}
	l.items = l.items[:len(n.elements)]
	l.nodes = l.nodes[:len(n.elements)]
	if len(n.elements) == 0 {
		l.items, l.nodes = nil, nil
	}
}

// members calls set for each member that grpc-go reads, in order, and
// reports those that it does not, and what is odd about the keys. around are
// the objects in which n stands, outermost first.
func (c *checker) members(n *node, m *message, around []*node, set func(f *field, member member)) {
	last := make(map[fieldID]int, len(m.fields))
	for i, member := range n.members {
		f := m.lookup(member.key.text)
		if f == nil {
			c.unknownField(n, i, m, around)
			continue
		}
		if earlier, repeated := last[f.id]; repeated {
			c.repeated(n, earlier, i, m.own && f.id != loadBalancingConfig)
		}
		last[f.id] = i
		if f.name != member.key.text {
			c.keyCase(n, f, member.key)
		}
		set(f, member)
	}
}

// decodeDocument reads a root that is an object.
func (c *checker) decodeDocument(root *node) *config {
	cfg := &config{}
	c.members(root, &documentMessage, nil, func(f *field, m member) {
		n := m.value
		switch f.id {
		case loadBalancingPolicy:
			if n.kind == null {
				cfg.policy = nil
			} else if c.want(n, text, balancerCheck, m.key) {
				cfg.policy = &textValue{n.text, m.key, n}
			}
			cfg.policyKey = m.key
		case loadBalancingConfig:
			cfg.balancers = nil
			if n.kind != null {
				cfg.balancers = n
				if c.sem.parsesEveryBalancerList {
					c.balancerList(n)
				}
			}
		case methodConfig:
			if n.kind == null {
				cfg.methods = nil
			} else if c.want(n, array, rejectedCheck, m.key) {
				if cfg.methods == nil {
					cfg.methods = new(list[methodEntry])
				}
				cfg.methods.key, cfg.methods.at = m.key, n
				cfg.methods.decode(n, func(e *node, into *methodEntry) { c.decodeMethod(root, e, into) })
			}
		case retryThrottling:
			cfg.throttled = true
			if n.kind == null {
				cfg.throttling = nil
			} else if c.want(n, object, throttlingCheck, m.key) {
				if cfg.throttling == nil {
					cfg.throttling = new(throttlingValue)
				}
				c.decodeThrottling(root, m, cfg.throttling)
			}
		case healthCheckConfig:
			cfg.health = nil
			if n.kind != null && c.want(n, object, rejectedCheck, m.key) {
				cfg.health, cfg.healthKey = n, m.key
				c.members(n, &healthMessage, []*node{root}, func(f *field, m member) {
					if m.value.kind != null {
						c.want(m.value, text, rejectedCheck, m.key)
					}
				})
			}
		}
	})
	return cfg
}

func (c *checker) decodeMethod(root, n *node, into *methodEntry) {
	if n.kind == null { // leaves a struct as it was
		return
	}
	if !c.want(n, object, rejectedCheck, nil) {
		return
	}
	c.members(n, &methodMessage, []*node{root}, func(f *field, m member) {
		v := m.value
		switch f.id {
		case name:
			if v.kind == null {
				into.names = nil
			} else if c.want(v, array, rejectedCheck, m.key) {
				if into.names == nil {
					into.names = new(list[nameEntry])
				}
				into.names.key, into.names.at = m.key, v
				into.names.decode(v, func(e *node, into *nameEntry) { c.decodeName(root, n, e, into) })
			}
		case waitForReady:
			into.waitForReady = nil
			if v.kind.isBool() {
				into.waitForReady = &boolValue{v.kind == truth, m.key, v}
			} else if v.kind != null {
				c.want(v, truth, rejectedCheck, m.key)
			}
		case timeout:
			into.timeout = nil
			if v.kind != null {
				into.timeout = c.duration(m)
			}
		case maxRequestMessageBytes:
			into.maxRequest = c.messageSize(m)
		case maxResponseMessageBytes:
			into.maxResponse = c.messageSize(m)
		case retryPolicy:
			if v.kind == null {
				into.retry = nil
			} else if c.want(v, object, retryPolicyCheck, m.key) {
				if into.retry == nil {
					into.retry = new(retryValue)
				}
				c.decodeRetry(root, n, m, into.retry)
			}
		}
	})
}

func (c *checker) decodeName(root, entry, n *node, into *nameEntry) {
	if n.kind == null || !c.want(n, object, rejectedCheck, nil) {
		return
	}
	c.members(n, &nameMessage, []*node{root, entry}, func(f *field, m member) {
		if m.value.kind == null || !c.want(m.value, text, rejectedCheck, m.key) {
			return
		}
		v := &textValue{m.value.text, m.key, m.value}
		if f.id == service {
			into.service = v
		} else {
			into.method = v
		}
	})
}

func (c *checker) decodeRetry(root, entry *node, policy member, into *retryValue) {
	into.key, into.at = policy.key, policy.value
	c.members(policy.value, &retryMessage, []*node{root, entry}, func(f *field, m member) {
		v := m.value
		switch f.id {
		case maxAttempts:
			if v.kind == null {
				return
			}
			if n, ok := c.integer(v, retryPolicyCheck, m.key); ok {
				into.maxAttempts = &intValue{n, m.key, v}
			} else {
				into.broken = true
			}
		case initialBackoff, maxBackoff:
			d := c.duration(m)
			if d == nil {
				into.broken = true
			} else if f.id == initialBackoff {
				into.initialBackoff = d
			} else {
				into.maxBackoff = d
			}
		case backoffMultiplier:
			if v.kind == null {
				return
			}
			if x, ok := c.float(v, retryPolicyCheck, m.key); ok {
				into.multiplier = &floatValue{x, m.key, v}
			} else {
				into.broken = true
			}
		case retryableStatusCodes:
			into.codesAt = v
			if v.kind == null {
				into.codes = list[codeEntry]{key: m.key, at: v}
				return
			}
			if !c.want(v, array, retryPolicyCheck, m.key) {
				into.broken = true
				return
			}
			into.codes.key, into.codes.at = m.key, v
			into.codes.decode(v, func(e *node, code *codeEntry) {
				code.at = e
				if e.kind == null { // leaves the code as it was, which is OK if it was not
					return
				}
				if known, ok := parseCode(string(c.src[e.start:e.end])); ok {
					code.code = known
				} else {
					into.broken = true
					c.codeSpelling(e)
				}
			})
		}
	})
}

func (c *checker) decodeThrottling(root *node, throttling member, into *throttlingValue) {
	into.key, into.at = throttling.key, throttling.value
	c.members(throttling.value, &throttlingMessage, []*node{root}, func(f *field, m member) {
		if m.value.kind == null {
			return
		}
		x, ok := c.float(m.value, throttlingCheck, m.key)
		if !ok {
			into.broken = true
			return
		}
		if f.id == maxTokens {
			into.maxTokens = &floatValue{x, m.key, m.value}
		} else {
			into.tokenRatio = &floatValue{x, m.key, m.value}
		}
	})
}

// integer reads an int64 as encoding/json does: no fraction, no exponent, no
// string.
func (c *checker) integer(n *node, by check, key *node) (int64, bool) {
	if n.kind == number {
		if i, err := strconv.ParseInt(n.text, 10, 64); err == nil {
			return i, true
		}
	}
	c.notInteger(n, by, key)
	return 0, false
}

func (c *checker) float(n *node, by check, key *node) (float64, bool) {
	if n.kind == number {
		if x, err := strconv.ParseFloat(n.text, 64); err == nil && !math.IsInf(x, 0) {
			return x, true
		}
	}
	c.notNumber(n, by, key)
	return 0, false
}
