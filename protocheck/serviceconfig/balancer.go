package serviceconfig

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

var balancerCheck = check{id: "serviceconfig/balancer", gapic: rule.Info}

// A balancer is a load balancing policy that grpc-go ships.
type balancer struct {
	name       string
	importPath string // that registers it; empty for what package grpc itself imports
	settings   []setting

	// open policies read no configuration at all, be it what it may.
	open bool

	// refusesNull: the configuration null stands for no configuration.
	refusesNull bool

	// judge checks the values together, after each was read.
	judge func(c *checker, n *node, v settingValues)
}

// A setting is a field of a policy's configuration.
type setting struct {
	name   string
	kind   settingKind
	fields []setting // of settingObject and settingMap
}

type settingKind int

const (
	settingBool settingKind = iota
	settingText
	settingUint32
	settingUint64
	settingFloat
	settingDuration
	settingPolicy   // a list like loadBalancingConfig
	settingPolicies // the same, taken as it is
	settingTexts    // a list of strings
	settingObject
	settingMap // from names to objects
	settingAny // read elsewhere
	settingNothing
)

// settingValues are the values that take effect, by name; those that are not
// set are missing.
type settingValues map[string]settingValue

type settingValue struct {
	float   float64
	uint    uint64
	text    string
	texts   []string
	seconds float64
	keys    map[string]bool // of a map
	at      *node
}

// balancers are the policies that grpc-go ships.
var balancers = []*balancer{
	{name: "pick_first", settings: []setting{{name: "shuffleAddressList", kind: settingBool}}},
	{name: "round_robin", open: true},
	{
		name: "weighted_round_robin", importPath: "google.golang.org/grpc/balancer/weightedroundrobin",
		settings: []setting{
			{name: "enableOobLoadReport", kind: settingBool},
			{name: "oobReportingPeriod", kind: settingDuration},
			{name: "blackoutPeriod", kind: settingDuration},
			{name: "weightExpirationPeriod", kind: settingDuration},
			{name: "weightUpdatePeriod", kind: settingDuration},
			{name: "errorUtilizationPenalty", kind: settingFloat},
		},
		judge: func(c *checker, n *node, v settingValues) {
			if penalty := v["errorUtilizationPenalty"]; penalty.float < 0 {
				c.badSetting(penalty.at, "errorUtilizationPenalty is negative")
			}
		},
	},
	{
		name: "least_request_experimental", importPath: "google.golang.org/grpc/balancer/leastrequest",
		settings: []setting{{name: "choiceCount", kind: settingUint32}},
		judge: func(c *checker, n *node, v settingValues) {
			if count, set := v["choiceCount"]; set && count.uint < 2 {
				c.badSetting(count.at, fmt.Sprintf("choiceCount %d is less than 2", count.uint))
			}
		},
	},
	{
		name: "ring_hash_experimental", importPath: "google.golang.org/grpc/balancer/ringhash",
		settings: []setting{
			{name: "minRingSize", kind: settingUint64},
			{name: "maxRingSize", kind: settingUint64},
			{name: "requestHashHeader", kind: settingText},
		},
		judge: judgeRingHash,
	},
	{
		name: "random_subsetting_experimental", importPath: "google.golang.org/grpc/balancer/randomsubsetting",
		settings: []setting{{name: "subsetSize", kind: settingUint32}, {name: "childPolicy", kind: settingPolicy}},
		judge: func(c *checker, n *node, v settingValues) {
			if size := v["subsetSize"]; size.uint == 0 {
				c.badSetting(orNode(size.at, n), c.policy+" needs a subsetSize above 0")
			}
			c.needs(n, v, "childPolicy")
		},
	},
	{
		name: "autosharding_experimental", importPath: "google.golang.org/grpc/balancer/autosharding",
		settings: []setting{
			{name: "channelFactoryKey", kind: settingText},
			{name: "autoshardingTarget", kind: settingText},
			{name: "keyHeaderName", kind: settingText},
			{name: "enableFallback", kind: settingBool},
			{name: "initialAssignmentTimeout", kind: settingDuration},
		},
		judge: func(c *checker, n *node, v settingValues) {
			for _, name := range []string{"channelFactoryKey", "autoshardingTarget", "keyHeaderName"} {
				if v[name].text == "" {
					c.badSetting(orNode(v[name].at, n), c.policy+" needs "+name)
				}
			}
		},
	},
	{
		name: "grpclb", importPath: "google.golang.org/grpc/balancer/grpclb",
		settings: []setting{
			{name: "childPolicy", kind: settingPolicies},
			{name: "serviceName", kind: settingText},
			{name: "loadBalancingConfig", kind: settingNothing},
		},
	},
	{
		name: "weighted_target_experimental", importPath: "google.golang.org/grpc/balancer/weightedtarget",
		settings: []setting{{name: "targets", kind: settingMap, fields: []setting{
			{name: "weight", kind: settingUint32},
			{name: "childPolicy", kind: settingPolicy},
		}}},
	},
	{
		name: "rls_experimental", importPath: "google.golang.org/grpc/balancer/rls",
		settings: []setting{
			{name: "routeLookupConfig", kind: settingAny},
			{name: "routeLookupChannelServiceConfig", kind: settingAny},
			{name: "childPolicy", kind: settingPolicies},
			{name: "childPolicyConfigTargetFieldName", kind: settingText},
		},
		judge: judgeRLS,
	},
	{
		name: "outlier_detection_experimental", importPath: "google.golang.org/grpc/xds",
		settings: []setting{
			{name: "interval", kind: settingDuration},
			{name: "baseEjectionTime", kind: settingDuration},
			{name: "maxEjectionTime", kind: settingDuration},
			{name: "maxEjectionPercent", kind: settingUint32},
			{name: "successRateEjection", kind: settingObject, fields: []setting{
				{name: "stdevFactor", kind: settingUint32},
				{name: "enforcementPercentage", kind: settingUint32},
				{name: "minimumHosts", kind: settingUint32},
				{name: "requestVolume", kind: settingUint32},
			}},
			{name: "failurePercentageEjection", kind: settingObject, fields: []setting{
				{name: "threshold", kind: settingUint32},
				{name: "enforcementPercentage", kind: settingUint32},
				{name: "minimumHosts", kind: settingUint32},
				{name: "requestVolume", kind: settingUint32},
			}},
			{name: "childPolicy", kind: settingPolicy},
		},
		judge: func(c *checker, n *node, v settingValues) {
			for _, name := range []string{"interval", "baseEjectionTime", "maxEjectionTime"} {
				if d := v[name]; d.seconds < 0 {
					c.badSetting(d.at, name+" is negative")
				}
			}
			for _, name := range []string{
				"maxEjectionPercent", "successRateEjection.enforcementPercentage",
				"failurePercentageEjection.threshold", "failurePercentageEjection.enforcementPercentage",
			} {
				if percent := v[name]; percent.uint > 100 {
					c.badSetting(percent.at, fmt.Sprintf("%s %d is more than 100", name, percent.uint))
				}
			}
		},
	},
	{
		name: "priority_experimental", importPath: "google.golang.org/grpc/xds",
		settings: []setting{
			{name: "children", kind: settingMap, fields: []setting{
				{name: "config", kind: settingPolicy},
				{name: "ignoreReresolutionRequests", kind: settingBool},
			}},
			{name: "priorities", kind: settingTexts},
		},
		judge: func(c *checker, n *node, v settingValues) {
			listed := make(map[string]bool)
			for _, name := range v["priorities"].texts {
				listed[name] = true
				if !v["children"].keys[name] {
					c.badSetting(v["priorities"].at, fmt.Sprintf("priorities has %s, which is no child", clip(name)))
					return
				}
			}
			if len(v["children"].keys) != len(listed) {
				c.badSetting(v["children"].at, "a child is missing from priorities")
			}
		},
	},
	{
		name: "cds_experimental", importPath: "google.golang.org/grpc/xds",
		settings: []setting{
			{name: "cluster", kind: settingText},
			{name: "isDynamic", kind: settingBool},
			{name: "loadBalancingConfig", kind: settingNothing},
		},
	},
	{
		name: "xds_cluster_impl_experimental", importPath: "google.golang.org/grpc/xds",
		settings: []setting{{name: "cluster", kind: settingText}, {name: "childPolicy", kind: settingPolicy}},
	},
	{
		name: "xds_cluster_manager_experimental", importPath: "google.golang.org/grpc/xds",
		settings: []setting{
			{name: "children", kind: settingMap, fields: []setting{{name: "childPolicy", kind: settingPolicy}}},
			{name: "loadBalancingConfig", kind: settingNothing},
		},
	},
	{
		name: "xds_wrr_locality_experimental", importPath: "google.golang.org/grpc/xds", refusesNull: true,
		settings: []setting{{name: "childPolicy", kind: settingPolicy}},
		judge: func(c *checker, n *node, v settingValues) {
			c.needs(n, v, "childPolicy")
		},
	},
}

// judgeRLS finds what is missing, which is not all that may be wrong: the
// route lookup config is read as protobuf JSON, and checked in ways that are
// not modelled.
func judgeRLS(c *checker, n *node, v settingValues) {
	if v["childPolicyConfigTargetFieldName"].text == "" {
		c.badSetting(orNode(v["childPolicyConfigTargetFieldName"].at, n), c.policy+" needs a childPolicyConfigTargetFieldName")
	}
	if v["childPolicy"].at == nil || len(v["childPolicy"].at.elements) == 0 {
		c.badSetting(orNode(v["childPolicy"].at, n), c.policy+" needs a childPolicy")
	}
	lookup := v["routeLookupConfig"].at
	if lookup == nil || lookup.kind != object {
		c.badSetting(orNode(lookup, n), c.policy+" needs a routeLookupConfig")
		return
	}
	for _, name := range []string{"grpcKeybuilders", "lookupService", "cacheSizeBytes"} {
		set := false
		for _, m := range lookup.members {
			set = set || (m.key.text == name || m.key.text == snake(name)) && !m.value.isNull()
		}
		if !set {
			c.badSetting(lookup, c.policy+" needs a "+name+" in its routeLookupConfig")
		}
	}
}

// ringSizeLimit is the largest ring that ring_hash_experimental accepts.
const ringSizeLimit = 8 << 20

func judgeRingHash(c *checker, n *node, v settingValues) {
	smallest, largest := v["minRingSize"], v["maxRingSize"]
	for name, size := range map[string]settingValue{"minRingSize": smallest, "maxRingSize": largest} {
		if size.uint > ringSizeLimit {
			c.badSetting(size.at, fmt.Sprintf("%s %d is more than %d", name, size.uint, ringSizeLimit))
		}
	}
	if smallest.uint > ringSizeLimit || largest.uint > ringSizeLimit {
		return
	}
	if smallest.uint == 0 {
		smallest.uint = 1024
	}
	if largest.uint == 0 {
		largest.uint = 4096
	}
	if smallest.uint > largest.uint {
		c.badSetting(orNode(smallest.at, orNode(largest.at, n)), fmt.Sprintf("minRingSize %d is more than maxRingSize %d", smallest.uint, largest.uint))
	}
	if header := v["requestHashHeader"]; header.text != "" && !isHashHeader(strings.ToLower(header.text)) {
		c.badSetting(header.at, fmt.Sprintf("%s is no name of a text header", clip(header.text)))
	}
}

func isHashHeader(name string) bool {
	if strings.HasSuffix(name, "-bin") {
		return false
	}
	return strings.HasPrefix(name, ":") || !strings.ContainsFunc(name, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-_", r)
	})
}

// shipped finds a policy that grpc-go ships.
func shipped(name string) *balancer {
	for _, b := range balancers {
		if b.name == name {
			return b
		}
	}
	return nil
}

// balancerList checks a list of policies and returns the name of the one
// that is used, "" if none is.
func (c *checker) balancerList(list *node) string {
	if list.kind != array {
		c.rejected(balancerCheck, list, fmt.Sprintf("a list of load balancing policies is needed, this is %s", c.what(list)))
		return ""
	}
	broken := false
	for _, e := range list.elements {
		if e.kind != object && e.kind != null {
			broken = true
			c.rejected(balancerCheck, e, fmt.Sprintf(`an entry of the list is an object such as {"round_robin": {}}, this is %s`, c.what(e)))
		}
	}
	if broken {
		return ""
	}
	var unknown []*node
	for _, e := range list.elements {
		policies := make(map[string]int)
		for i, m := range e.members {
			if earlier, repeated := policies[m.key.text]; repeated {
				c.repeated(e, earlier, i, false)
			}
			policies[m.key.text] = i
		}
		if len(policies) == 0 {
			c.rejected(balancerCheck, e, "an entry of the list names one policy, this one none")
			return ""
		}
		if len(policies) != 1 {
			c.rejected(balancerCheck, e, fmt.Sprintf("an entry of the list names one policy, this one %d; the others need entries of their own", len(policies)))
			return ""
		}
		for _, i := range policies { // the one
			m := e.members[i]
			registered, ok := c.sem.registeredName(m.key.text)
			if !ok {
				unknown = append(unknown, m.key)
				continue
			}
			c.skippedPolicies(unknown)
			if b := shipped(registered); b != nil {
				c.policyConfig(b, m.key, m.value)
			}
			return registered
		}
	}
	if len(unknown) == 0 {
		c.rejected(balancerCheck, list, "loadBalancingConfig lists no policy")
	} else {
		c.noPolicy(list, unknown)
	}
	return ""
}

// policyConfig checks the configuration of a registered policy.
func (c *checker) policyConfig(b *balancer, key, n *node) {
	switch {
	case b.open:
		return
	case n.kind == null && b.refusesNull:
		c.rejected(balancerCheck, n, b.name+" needs a configuration")
		return
	case n.kind == null:
	case n.kind != object:
		c.rejected(balancerCheck, n, fmt.Sprintf("the configuration of %s is an object, this is %s", b.name, c.what(n)))
		return
	}
	outer := c.policy
	c.policy = b.name
	defer func() { c.policy = outer }()
	before := c.rejections
	values := make(settingValues)
	c.settings(b.settings, "", n, values)
	if b.judge != nil && c.rejections == before {
		b.judge(c, n, values)
	}
}

func (c *checker) settings(known []setting, prefix string, n *node, values settingValues) {
	m := message{name: "the policy's configuration"}
	for i, s := range known {
		m.fields = append(m.fields, field{id: fieldID(i), name: s.name})
	}
	c.members(n, &m, nil, func(f *field, member member) {
		s := known[f.id]
		c.setting(s, prefix+s.name, member, values)
	})
}

func (c *checker) setting(s setting, name string, m member, values settingValues) {
	n := m.value
	v := settingValue{at: n}
	if s.kind == settingObject { // whose values start anew
		for known := range values {
			if strings.HasPrefix(known, name+".") {
				delete(values, known)
			}
		}
	}
	if n.kind == null {
		switch s.kind {
		case settingDuration, settingAny: // have no null
		case settingPolicy, settingObject, settingPolicies, settingTexts, settingMap:
			delete(values, name)
			return
		default:
			return
		}
	}
	ok := false
	switch s.kind {
	case settingBool:
		ok = n.kind.isBool()
	case settingText:
		ok = n.kind == text
		v.text = n.text
	case settingUint32, settingUint64:
		bits := 64
		if s.kind == settingUint32 {
			bits = 32
		}
		u, err := strconv.ParseUint(n.text, 10, bits)
		ok = n.kind == number && err == nil
		v.uint = u
	case settingFloat:
		x, err := strconv.ParseFloat(n.text, 64)
		ok = n.kind == number && err == nil && !math.IsInf(x, 0)
		v.float = x
	case settingDuration:
		d := c.duration(m)
		if d == nil {
			return // reported
		}
		ok = true
		v.seconds = d.value.Seconds()
	case settingPolicy:
		c.balancerList(n)
		ok = true
	case settingPolicies:
		ok = n.kind == array
		for _, e := range n.elements {
			ok = ok && (e.kind == object || e.kind == null)
		}
	case settingTexts:
		ok = n.kind == array
		for i, e := range n.elements {
			ok = ok && (e.kind == text || e.kind == null)
			switch before := values[name].texts; {
			case e.kind == null && i < len(before): // keeps what a repeated key had
				v.texts = append(v.texts, before[i])
			default:
				v.texts = append(v.texts, e.text)
			}
		}
	case settingObject:
		ok = n.kind == object
		if ok {
			c.settings(s.fields, name+".", n, values)
		}
	case settingMap:
		ok = n.kind == object
		v.keys = values[name].keys
		if v.keys == nil {
			v.keys = make(map[string]bool)
		}
		for _, entry := range n.members {
			v.keys[entry.key.text] = true
			switch entry.value.kind {
			case null:
			case object:
				c.settings(s.fields, name+"."+entry.key.text+".", entry.value, make(settingValues))
			default:
				c.badSetting(entry.value, fmt.Sprintf("%s has objects, not %s", s.name, c.what(entry.value)))
			}
		}
	case settingAny:
		ok = true
	case settingNothing:
	}
	if !ok {
		c.badSetting(n, fmt.Sprintf("%s cannot be %s", s.name, c.what(n)))
		return
	}
	values[name] = v
}

// needs reports a policy that is missing from a configuration.
func (c *checker) needs(n *node, v settingValues, name string) {
	if _, set := v[name]; !set {
		c.badSetting(n, c.policy+" needs a "+name)
	}
}

// badSetting reports what a policy cannot be configured with.
func (c *checker) badSetting(n *node, why string) {
	c.rejected(balancerCheck, n, why)
}

func orNode(n, otherwise *node) *node {
	if n == nil {
		return otherwise
	}
	return n
}
