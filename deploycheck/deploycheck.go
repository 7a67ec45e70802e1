// Package deploycheck judges what stands between a gRPC client and its server:
// Kubernetes manifests, routes of Istio and the Gateway API, Envoy's and nginx's
// configuration, alerts and Dockerfiles, together with what is known of the
// code.
//
//	files --Read--> Set --------+
//	                            +--Check--> issues
//	Go, protos, configs: Code --+
//
// It reads no file and knows no program around it: files come as bytes, and
// what the code tells comes as [Code]. Without that, the rules that need it
// are silent.
//
// What a template decides, what an include may hold and whom a name leads to
// if there are two is not known, and nothing is found where it matters.
package deploycheck

import (
	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/rule"
)

// An Issue is what a rule finds.
type Issue struct {
	Rule     *rule.Rule
	Severity rule.Severity // at most the rule's; zero means the rule's
	At       source.Span
	Message  string // as finding.Finding.Message
	// Decl and Subject identify the issue when lines move, as those of a
	// finding.
	Decl, Subject string
	Related       []Related
	Fixes         []Fix
}

// A Related place explains an issue.
type Related struct {
	At      source.Span
	Message string
}

// A Fix is a set of edits that removes the issue.
type Fix struct {
	Message string // a verb phrase
	Safe    bool
	Edits   []Edit
}

// An Edit replaces the text of a span.
type Edit struct {
	At      source.Span
	NewText string
}

// Options say what to look for.
type Options struct {
	// Enabled reports whether a rule is to be run; nil runs all.
	Enabled func(*rule.Rule) bool
	// Code is what is known of programs and protos; nil is nothing.
	Code *Code
	// Nginx is the version that runs, "1.29.7"; "" if nobody says.
	Nginx string
}

// checks are the rules, by id.
var checks = []struct {
	id  string
	run func(*checker)
}{
	{"deploy/address-port", addressPort},
	{"deploy/alert-codes", alertCodes},
	{"deploy/alert-metric", alertMetric},
	{"deploy/cluster-ip", clusterIP},
	{"deploy/envoy-timeout", envoyTimeout},
	{"deploy/grace-period", gracePeriod},
	{"deploy/headless-port", headlessPort},
	{"deploy/http-probe", httpProbe},
	{"deploy/ingress-limits", ingressLimits},
	{"deploy/ingress-tls", ingressTLS},
	{"deploy/mesh-retry-unsafe", meshRetryUnsafe},
	{"deploy/nginx-http2", nginxHTTP2},
	{"deploy/nginx-keepalive", nginxKeepalive},
	{"deploy/nginx-proxy-pass", nginxProxyPass},
	{"deploy/per-try-timeout", perTryTimeout},
	{"deploy/probe-timeout", probeTimeout},
	{"deploy/probe-tls", probeTLS},
	{"deploy/retry-on", retryOn},
	{"deploy/shell-entrypoint", shellEntrypoint},
	{"deploy/stacked-retries", stackedRetries},
	{"deploy/target-port", targetPort},
	{"deploy/tcp-probe", tcpProbe},
	{"deploy/unknown-probe-service", unknownProbeService},
}

// Check judges what was read.
func Check(set *Set, options Options) []Issue {
	c := &checker{Set: set, options: options, code: options.Code}
	if c.code == nil {
		c.code = new(Code)
	}
	for _, check := range checks {
		c.rule = rule.MustLookup(check.id)
		if options.Enabled == nil || options.Enabled(c.rule) {
			check.run(c)
		}
	}
	return c.issues
}

// Looks reports whether a rule is one that manifests are judged by.
func Looks(r *rule.Rule) bool {
	for _, check := range checks {
		if check.id == r.ID {
			return true
		}
	}
	return false
}

// A checker is one run.
type checker struct {
	*Set
	options Options
	code    *Code
	rule    *rule.Rule // that is run
	issues  []Issue

	routes   []*route // nil until they are needed
	programs map[string]*Program
	selects  *selection // nil until it is needed

	environments map[*kube.Container][]kube.Env
	addresses    []use // nil until they are needed
}

// report adds an issue of the rule that is run.
func (c *checker) report(i Issue) {
	i.Rule = c.rule
	c.issues = append(c.issues, i)
}
