package differential

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A Generator makes service configs, most of them nearly right: the values
// are those at which grpc-go's judgement turns. The same seed makes the same
// configs.
type Generator struct {
	random *rand.Rand

	// Policies are the names of load balancing policies to use, with
	// configurations for them.
	Policies []Policy
}

// A Policy is a load balancing policy, and values for its settings.
type Policy struct {
	Name     string
	Settings map[string][]string
}

// Plain are the policies of a program that imports no others, and some that
// it does not know.
var Plain = []Policy{
	{"pick_first", map[string][]string{"shuffleAddressList": {"true", "false", "null", `"yes"`, "1", "{}"}, "unknown": {"1"}}},
	{"round_robin", map[string][]string{"x": {"1", "null"}}},
	{"ROUND_ROBIN", nil},
	{"Pick_First", map[string][]string{"shuffleAddressList": {"true", "0"}}},
	{"no_such_policy", map[string][]string{"x": {"1"}}},
	{"", nil},
}

// NewGenerator returns a generator with its own source of randomness.
func NewGenerator(seed uint64, policies []Policy) *Generator {
	return &Generator{rand.New(rand.NewPCG(seed, 2)), policies}
}

// Config makes a config. One in five is then mutated as text.
func (g *Generator) Config() string {
	config := g.document()
	if g.oneIn(5) {
		for range 1 + g.random.IntN(3) {
			config = g.mutate(config)
		}
	}
	return config
}

func (g *Generator) oneIn(n int) bool { return g.random.IntN(n) == 0 }

func pick[T any](g *Generator, choices []T) T { return choices[g.random.IntN(len(choices))] }

// odd values stand where others belong.
var odd = []string{
	"null", "true", "false", "0", "-1", "1.5", "1e3", `""`, `"x"`, "{}", "[]", "[null]", "[{}]", `[""]`, "[[]]",
	`{"a":1}`, `"\u0055"`, `"\ud800"`, "9223372036854775808", "1e999", "-0", "\"\xff\"", `{"":{}}`,
}

// value is right but for one in n.
func (g *Generator) value(n int, right string) string {
	if g.oneIn(6 * n) {
		return pick(g, odd)
	}
	return right
}

// object joins members, sometimes with one twice, in another case, with one
// left out, or in another order.
func (g *Generator) object(members []string) string {
	if len(members) > 0 && g.oneIn(30) {
		i := g.random.IntN(len(members))
		members = append(members[:i:i], members[i+1:]...)
	}
	if len(members) > 0 && g.oneIn(25) {
		members = append(members, g.otherCase(pick(g, members)))
	}
	if len(members) > 0 && g.oneIn(60) {
		key, _, _ := strings.Cut(pick(g, members), ":")
		members = append(members, g.otherCase(key)+":"+pick(g, odd))
	}
	if g.oneIn(20) {
		members = append(members, pick(g, []string{`"x":1`, `"_comment":"x"`, `"retry_policy":{}`, `"hedgingPolicy":"banana"`, `"":null`}))
	}
	g.random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return "{" + strings.Join(members, ",") + "}"
}

// otherCase changes the case of a member's key, at times to characters that
// fold to others.
func (g *Generator) otherCase(member string) string {
	key, rest, found := strings.Cut(member, ":")
	switch g.random.IntN(5) {
	case 0:
		key = strings.ToUpper(key)
	case 1:
		key = strings.ToLower(key)
	case 2:
		key = strings.ReplaceAll(strings.ReplaceAll(key, "k", "\u212a"), "s", "\u017f")
	case 3:
		if len(key) > 3 {
			key = fmt.Sprintf(`"\u%04x%s`, key[1], key[2:])
		}
	}
	if !found {
		return key
	}
	return key + ":" + rest
}

func (g *Generator) document() string {
	var members []string
	if g.oneIn(8) {
		members = append(members, `"loadBalancingPolicy":`+g.value(6, quoted(pick(g, g.Policies).Name)))
	}
	if g.oneIn(4) {
		members = append(members, `"loadBalancingConfig":`+g.value(8, g.policies(2)))
	}
	if !g.oneIn(6) {
		members = append(members, `"methodConfig":`+g.value(20, g.list(3, g.entry)))
	}
	if g.oneIn(3) {
		members = append(members, `"retryThrottling":`+g.value(12, g.throttling()))
	}
	if g.oneIn(8) {
		members = append(members, `"healthCheckConfig":`+g.value(5, g.object([]string{`"serviceName":` + g.value(4, `"x"`)})))
	}
	document := g.object(members)
	if g.oneIn(100) { // one more of each list: they mix by index
		document = strings.TrimSuffix(document, "}") + `,"methodConfig":` + g.list(3, g.entry) + `,"methodConfig":` + g.list(3, g.entry) + "}"
		document = strings.Replace(document, "{,", "{", 1)
	}
	return document
}

func quoted(s string) string { return `"` + s + `"` }

// list makes a list of up to most elements.
func (g *Generator) list(most int, element func() string) string {
	var elements []string
	for range g.random.IntN(most + 1) {
		elements = append(elements, g.value(60, element()))
	}
	return "[" + strings.Join(elements, ",") + "]"
}

// policies makes a list like loadBalancingConfig, with lists inside down to
// a depth.
func (g *Generator) policies(depth int) string {
	return g.list(3, func() string {
		p := pick(g, g.Policies)
		var settings []string
		for _, name := range sortedKeys(p.Settings) {
			if g.oneIn(2) {
				value := pick(g, p.Settings[name])
				if value == "<policies>" {
					value = "[]"
					if depth > 0 {
						value = g.policies(depth - 1)
					}
				}
				if strings.Contains(value, "<policies>") && depth > 0 {
					value = strings.ReplaceAll(value, "<policies>", g.policies(depth-1))
				}
				settings = append(settings, quoted(name)+":"+g.value(15, value))
			}
		}
		member := quoted(p.Name) + ":" + g.value(10, g.object(settings))
		switch {
		case g.oneIn(40):
			return "{}"
		case g.oneIn(40):
			return "{" + member + "," + member + "}"
		case g.oneIn(40):
			return "{" + member + `,"other":{}}`
		}
		return "{" + member + "}"
	})
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	for i := range keys { // a few only
		for j := i; j > 0 && keys[j] < keys[j-1]; j-- {
			keys[j], keys[j-1] = keys[j-1], keys[j]
		}
	}
	return keys
}

func (g *Generator) entry() string {
	var members []string
	if !g.oneIn(10) {
		members = append(members, `"name":`+g.value(25, g.list(3, g.name)))
	}
	if g.oneIn(2) {
		members = append(members, `"timeout":`+g.value(25, g.duration()))
	}
	if g.oneIn(5) {
		members = append(members, `"waitForReady":`+g.value(6, "true"))
	}
	for _, key := range []string{"maxRequestMessageBytes", "maxResponseMessageBytes"} {
		if g.oneIn(6) {
			members = append(members, quoted(key)+":"+g.value(12, pick(g, integers)))
		}
	}
	if g.oneIn(2) {
		members = append(members, `"retryPolicy":`+g.value(20, g.retryPolicy()))
	}
	return g.object(members)
}

var (
	integers = []string{"0", "1", "2", "3", "4", "5", "6", "-1", "1000000", "2147483648", "9223372036854775807", "9223372036854775808", "-0", "1.0", "3e0", `"3"`, "00"}
	services = []string{"a", "b", "pkg.S", "/pkg.S", "Pkg.S", "", "*", " ", "\xff", "\xfe", `\u0061`, `\ud800`}
	methods  = []string{"", "M", "Get", "m", "a/b", `\u004d`}
)

func (g *Generator) name() string {
	var members []string
	if g.oneIn(2) { // most names are different ones
		return fmt.Sprintf(`{"service":"pkg.S%d","method":"M%d"}`, g.random.IntN(99), g.random.IntN(9))
	}
	if !g.oneIn(8) {
		members = append(members, `"service":`+g.value(40, quoted(pick(g, services))))
	}
	if g.oneIn(2) {
		members = append(members, `"method":`+g.value(40, quoted(pick(g, methods))))
	}
	return "{" + strings.Join(members, ",") + "}"
}

// durations at which judgement turns.
var durations = []string{
	"1s", "0.1s", "5s", "30s", "0s", "-1s", "-0s", "0.000000001s", "1.123456789s", "1.1234567890s", ".5s", "1.s", "s", ".s", "-s", "-.s", "",
	"1", "1m", "100ms", "1h", "1m0s", "1 s", " 1s", "1S", "1e3s", "1_000s", "0x10s", "1,5s", "infinite", "1.5.5s", "+1s", "--1s", "00001s",
	"1.-5s", "1.+5s", "315576000000s", "315576000001s", "-315576000000s", "-315576000001s", "--315576000001s", "9223372036s", "9223372037s",
	"9223372036.854775807s", "9223372036.854775808s", "-9223372036.854775808s", "-9223372036.854775809s", "9223372036854775807s", "9223372036854775808s",
	"1s\u00e9", "\u0661s", "1s ", "ss", "1ss", "-1.-1s", "0.s", "-.5s", "1.999999999s",
}

func (g *Generator) duration() string {
	switch {
	case g.oneIn(14):
		return quoted(pick(g, durations))
	case g.oneIn(60): // from the alphabet of durations
		var b strings.Builder
		for range g.random.IntN(8) {
			b.WriteByte(pick(g, []byte("0123456789.-+s ")))
		}
		return quoted(b.String() + "s")
	}
	return quoted(pick(g, durations[:4]))
}

var codes = []string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

var oddCodes = []string{
	`"CANCELED"`, `"unavailable"`, `"Unavailable"`, `" UNAVAILABLE"`, `"14"`, `"\u0055NAVAILABLE"`, "0", "14", "16", "17", "-1", "14.0", "null", `""`,
	"4294967296", "4294967295", "1e1", "true", "{}", "[]", "00", "-0", `"UNAVAILABLE\u0000"`,
}

func (g *Generator) code() string {
	if g.oneIn(50) {
		return pick(g, oddCodes)
	}
	return quoted(pick(g, codes))
}

func (g *Generator) retryPolicy() string {
	members := []string{
		`"maxAttempts":` + g.value(30, pick(g, []string{"2", "3", "5", "4", "6", "100", "2", "3", "5", "2", pick(g, integers)})),
		`"initialBackoff":` + g.value(30, g.duration()),
		`"maxBackoff":` + g.value(30, g.duration()),
		`"backoffMultiplier":` + g.value(30, pick(g, []string{"1", "2", "1.3", "1.5", "2.0", "2e0", "1.1", "3", pick(g, []string{"0", "0.5", "-1", "1e308", "1e309", "-0", "0.0", "1e-400", `"2"`, "5e-324"})})),
		`"retryableStatusCodes":` + g.value(30, g.list(4, g.code)),
	}
	return g.object(members)
}

func (g *Generator) throttling() string {
	return g.object([]string{
		`"maxTokens":` + g.value(15, pick(g, []string{"1", "2", "10", "100", "1000", "0.5", "2.5", "1e3", pick(g, []string{"0", "1000.5", "1001", "-1", `"10"`, "1e-400"})})),
		`"tokenRatio":` + g.value(15, pick(g, []string{"0.1", "1", "0.5", "0.00001", "5", "0.2", pick(g, []string{"0", "-1", "1e400", "-0"})})),
	})
}

// mutate changes a config as text: most of what comes out is no JSON any
// more, the rest is what no grammar thinks of.
func (g *Generator) mutate(config string) string {
	if config == "" {
		//grpclint:ignore serviceconfig it is there to be refused
		return "{"
	}
	i := g.random.IntN(len(config))
	j := min(len(config), i+1+g.random.IntN(8))
	switch g.random.IntN(9) {
	case 0: // cut out
		return config[:i] + config[j:]
	case 1: // repeat
		return config[:j] + config[i:j] + config[j:]
	case 2: // insert
		return config[:i] + pick(g, []string{"{", "}", "[", "]", ",", ":", `"`, "null", " ", "\n", "0", "1", "-", ".", "e", "s", "\\", "\x00", "\xff", "//", "/**/", "\ufeff", "'"}) + config[i:]
	case 3: // change a byte
		return config[:i] + string(rune(32+g.random.IntN(96))) + config[i+1:]
	case 4: // swap two values
		return swap(config, i)
	case 5, 6: // put an odd value in the place of a whole one
		if start, end, ok := valueAt(config, i); ok {
			return config[:start] + pick(g, odd) + config[end:]
		}
		return config
	case 7:
		if start, end, ok := valueAt(config, i); ok { // wrap in a list
			return config[:start] + "[" + config[start:end] + "]" + config[end:]
		}
		return config
	}
	return pick(g, []string{" ", "\n\t", "\ufeff", "", "\x00"}) + config + pick(g, []string{"", " ", "\r\n", "x", "{}", ",", "null", "\x00"})
}

// valueAt finds the scalar, or the whole of the object or list, that begins
// behind the next colon, comma or bracket.
func valueAt(config string, from int) (start, end int, ok bool) {
	next := strings.IndexAny(config[from:], ":,[")
	if next < 0 {
		return 0, 0, false
	}
	start = from + next + 1
	depth := 0
	for end = start; end < len(config); end++ {
		switch config[end] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return start, end, end > start
			}
			depth--
			if depth == 0 {
				return start, end + 1, true
			}
		case ',', ':':
			if depth == 0 {
				return start, end, end > start
			}
		}
	}
	return 0, 0, false
}

func swap(config string, from int) string {
	s1, e1, ok := valueAt(config, from)
	if !ok {
		return config
	}
	s2, e2, ok := valueAt(config, e1)
	if !ok || s2 < e1 {
		return config
	}
	return config[:s1] + config[s2:e2] + config[e1:s2] + config[s1:e1] + config[e2:]
}

// Balancing makes a config of load balancing policies alone.
func (g *Generator) Balancing() string {
	if g.oneIn(10) {
		return `{"loadBalancingPolicy":` + quoted(pick(g, g.Policies).Name) + "}"
	}
	return `{"loadBalancingConfig":` + g.policies(2) + "}"
}
