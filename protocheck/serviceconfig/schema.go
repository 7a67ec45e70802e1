package serviceconfig

import (
	"slices"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

// A fieldID names a field of a message for the decoder.
type fieldID int

const (
	loadBalancingPolicy fieldID = iota + 1
	loadBalancingConfig
	methodConfig
	retryThrottling
	healthCheckConfig

	name
	waitForReady
	timeout
	maxRequestMessageBytes
	maxResponseMessageBytes
	retryPolicy

	service
	method

	maxAttempts
	initialBackoff
	maxBackoff
	backoffMultiplier
	retryableStatusCodes

	maxTokens
	tokenRatio

	serviceName

	clientLanguage
	percentage
	clientHostname
	serviceConfig
)

// A message is one of the objects that a service config is made of.
type message struct {
	name   string // as it is called in findings
	own    bool   // of service configs, not of a load balancing policy
	doc    string
	fields []field
}

// A field is one that grpc-go reads.
type field struct {
	id   fieldID
	name string // the spelling that every implementation reads
	doc  string
}

var documentMessage = message{
	name: "the config", own: true, doc: "A gRPC service config.",
	fields: []field{
		{loadBalancingConfig, "loadBalancingConfig", "Load balancing policies in order of preference, each an object with one key, the policy's name; the first that the client knows is used."},
		{loadBalancingPolicy, "loadBalancingPolicy", "Name of a load balancing policy. Deprecated in favour of loadBalancingConfig."},
		{methodConfig, "methodConfig", "Settings for methods, services, or all RPCs."},
		{retryThrottling, "retryThrottling", "Limits the share of RPCs that are retried."},
		{healthCheckConfig, "healthCheckConfig", "Asks the backends for their health."},
	},
}

var methodMessage = message{
	name: "a methodConfig entry", own: true, doc: "Settings for the methods that name lists. The most specific entry applies to a method, and replaces the others.",
	fields: []field{
		{name, "name", "The methods that the entry is for; an entry without names is for none."},
		{waitForReady, "waitForReady", "Whether RPCs wait for a connection instead of failing at once."},
		{timeout, "timeout", "The longest that an RPC may take, all attempts included; the context's deadline applies too."},
		{maxRequestMessageBytes, "maxRequestMessageBytes", "The largest message that the client sends."},
		{maxResponseMessageBytes, "maxResponseMessageBytes", "The largest message that the client receives."},
		{retryPolicy, "retryPolicy", "When and how failed RPCs are tried again."},
	},
}

var nameMessage = message{
	name: "a name", own: true, doc: "A method, or without method all methods of a service, or without both all RPCs.",
	fields: []field{
		{service, "service", "Full name of the service, such as shop.v1.OrderService."},
		{method, "method", "Name of the method, such as GetOrder."},
	},
}

var retryMessage = message{
	name: "a retryPolicy", own: true, doc: "All five fields are required.",
	fields: []field{
		{maxAttempts, "maxAttempts", "The most attempts, the first included; from 2, and capped at 5."},
		{initialBackoff, "initialBackoff", "Backoff before the second attempt."},
		{maxBackoff, "maxBackoff", "The longest backoff."},
		{backoffMultiplier, "backoffMultiplier", "Growth of the backoff from one attempt to the next."},
		{retryableStatusCodes, "retryableStatusCodes", "Status codes upon which an RPC is tried again."},
	},
}

var throttlingMessage = message{
	name: "retryThrottling", own: true, doc: "A bucket of tokens: a failed attempt takes one out, a success puts tokenRatio in, and there are no retries unless it is more than half full.",
	fields: []field{
		{maxTokens, "maxTokens", "Size of the bucket, up to 1000."},
		{tokenRatio, "tokenRatio", "Tokens that a successful RPC puts back."},
	},
}

var healthMessage = message{
	name: "healthCheckConfig", own: true, doc: "Client-side health checking.",
	fields: []field{
		{serviceName, "serviceName", "Name that the backends' health service is asked for; empty stands for the whole server."},
	},
}

// choiceMessage is not part of a config, but around it in a DNS TXT record.
var choiceMessage = message{
	name: "a choice", own: true, doc: "A service config, and the clients that it is for.",
	fields: []field{
		{clientLanguage, "clientLanguage", "Languages of the clients, such as GO; all if it is not set."},
		{percentage, "percentage", "Share of the clients, from 0 to 100; all if it is not set."},
		{clientHostname, "clientHostname", "Hosts of the clients; all if it is not set."},
		{serviceConfig, "serviceConfig", "The config for these clients."},
	},
}

// messages of a service config, outermost first. A function, so that nobody
// can change them.
func messages() []*message {
	return []*message{&documentMessage, &methodMessage, &nameMessage, &retryMessage, &throttlingMessage, &healthMessage}
}

// field returns the field with an id that the message has.
func (m *message) field(id fieldID) *field {
	i := slices.IndexFunc(m.fields, func(f field) bool { return f.id == id })
	return &m.fields[i]
}

// lookup finds the field that encoding/json takes the key for. No two names
// of a message differ in case only.
func (m *message) lookup(key string) *field {
	for i := range m.fields {
		// In any case, as Unicode has it: the Kelvin sign is a k.
		if strings.EqualFold(m.fields[i].name, key) {
			return &m.fields[i]
		}
	}
	return nil
}

// bare finds the field whose name differs from the key in case and
// separators only.
func (m *message) bare(key string) *field {
	if len(key) > 64 {
		return nil
	}
	key = bareName(key)
	for i := range m.fields {
		if bareName(m.fields[i].name) == key {
			return &m.fields[i]
		}
	}
	return nil
}

// near finds the field that the key is a misspelling of: a plural, or one or
// two wrong letters in a name that is long enough.
func (m *message) near(key string) *field {
	if len(key) > 64 {
		return nil
	}
	key = bareName(key)
	var best *field
	bestDistance := 3
	for i := range m.fields {
		known := bareName(m.fields[i].name)
		if singular(key) == known || key == singular(known) {
			return &m.fields[i]
		}
		most := 2
		if len(known) < 7 {
			most = 1
		}
		if len(known) < 6 {
			continue // "name" is one letter from many words
		}
		if d := rule.EditDistance(key, known, most); d <= most && d < bestDistance {
			best, bestDistance = &m.fields[i], d
		}
	}
	return best
}

func singular(word string) string {
	if stem, ok := strings.CutSuffix(word, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(word, "s")
}

// elsewhere names fields of the public service_config.proto, or of other
// implementations, that grpc-go does not read.
var elsewhere = map[string]string{
	"perattemptrecvtimeout": "grpc-java and gRPC Core have it, as an experiment",
	"connectionscaling":     "grpc-go does not scale connections",
}

// isRemark reports whether a key is meant for readers: JSON has no comments.
func isRemark(key string) bool {
	switch {
	case key == "", strings.HasPrefix(key, "_"), strings.HasPrefix(key, "$"), strings.HasPrefix(key, "//"), strings.HasPrefix(key, "#"):
		return true
	}
	return slices.Contains([]string{"comment", "comments", "description"}, strings.ToLower(key))
}
