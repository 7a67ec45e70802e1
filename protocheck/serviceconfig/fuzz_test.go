package serviceconfig_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
	"github.com/grpclint/grpclint/rule"
)

// FuzzCheck holds the checker against grpc-go, and every finding against
// what holds for all.
func FuzzCheck(f *testing.F) {
	for _, r := range rule.Family("serviceconfig") {
		for _, heading := range []string{"Incorrect", "Correct"} {
			for _, config := range blocksOf("json", r.Page(), heading) {
				f.Add(config)
			}
		}
	}
	g := differential.NewGenerator(4, differential.Plain)
	for range 200 {
		f.Add(g.Config())
	}
	f.Fuzz(func(t *testing.T, config string) {
		oracle.Compare(t, config, plain)
		for _, opts := range everyOption {
			file, findings := check(t, "config.json", config, opts)
			invariants(t, file, config, findings)
		}
	})
}

// large are configs of some megabytes in which one thing is there very often:
// none may take more than linear time. Nothing here measures time: what
// takes its square does not end within the test's.
func large() map[string]string {
	const size = 2 << 20
	fill := func(before, item, after string) string {
		return before + strings.Repeat(item+",", (size-len(before))/(len(item)+1)) + item + after
	}
	return map[string]string{
		"10 MB":           `{"methodConfig":[` + strings.Repeat(`{"name":[{"service":"a"}],"timeout":"5s"},`, 250_000) + `{}]}`,
		"names":           fill(`{"methodConfig":[{"name":[`, `{"service":"a"}`, `]}]}`),
		"mixed names":     fill(`{"methodConfig":[{"name":[{}],"timeout":"1s"},{"name":[`, `{"service":"a","method":"Create"}`, `]}]}`),
		"entries":         fill(`{"methodConfig":[`, `{"timeout":"0s"}`, `]}`),
		"named entries":   fill(`{"methodConfig":[`, `{"name":[{}],"retryPolicy":{"maxAttempts":1}}`, `]}`),
		"repeated keys":   fill(`{`, `"methodConfig":[]`, `}`),
		"cased keys":      fill(`{"methodConfig":[{"name":[{}],`, `"TIMEOUT":"1s"`, `}]}`),
		"misspelled keys": fill(`{`, `"method_config":[]`, `}`),
		"near keys":       fill(`{`, `"methodConfigs":[]`, `}`),
		"misplaced keys":  fill(`{"methodConfig":[{"name":[{}],`, `"maxTokens":1`, `}]}`),
		"unknown keys":    fill(`{`, `"x":1`, `}`),
		"hedges":          fill(`{"methodConfig":[{`, `"hedgingPolicy":{}`, `}]}`),
		"codes":           fill(`{"methodConfig":[{"name":[{}],"retryPolicy":{"retryableStatusCodes":[`, `"unavailable"`, `]}}]}`),
		"policies":        fill(`{"loadBalancingConfig":[`, `{"x":{}}`, `]}`),
		"repeated policy": fill(`{"loadBalancingConfig":[{`, `"x":{}`, `}]}`),
		"long key":        `{"` + strings.Repeat("m", size) + `":1}`,
		"long service":    `{"methodConfig":[{"name":[{"service":"` + strings.Repeat("m", size) + `"},{"method":"` + strings.Repeat("é", size/2) + `"}]}]}`,
		"long duration":   `{"methodConfig":[{"name":[{}],"timeout":"` + strings.Repeat("1", size) + `s"}]}`,
		"long code":       `{"methodConfig":[{"name":[{}],"retryPolicy":{"retryableStatusCodes":["` + strings.Repeat("U", size) + `"]}}]}`,
		"long number":     `{"methodConfig":[{"name":[{}],"maxRequestMessageBytes":` + strings.Repeat("1", size) + `}]}`,
		"long policy":     `{"loadBalancingPolicy":"` + strings.Repeat("x", size) + `"}`,
		"attempts":        `{"methodConfig":[{"name":[{}],"timeout":"1s","retryPolicy":{"maxAttempts":9223372036854775807,"initialBackoff":"0.000000001s","maxBackoff":"1s","backoffMultiplier":0.9999999,"retryableStatusCodes":[14]}}]}`,
		"open brackets":   strings.Repeat("[", 1_000_000),
		"open braces":     strings.Repeat(`{"a":`, 1_000_000),
		"deep":            strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000),
		"deep policies":   `{"loadBalancingConfig":` + strings.Repeat(`[{"weighted_target_experimental":{"targets":{"a":{"childPolicy":`, 1500) + "[]" + strings.Repeat("}}}}]", 1500) + "}",
	}
}

func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, config := range large() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			file, findings := check(t, "config.json", config, serviceconfig.Options{MaxCallAttempts: 1 << 40})
			if len(findings) == 0 && name != "names" {
				t.Error("no finding")
			}
			for _, f := range findings[:min(len(findings), 10)] {
				if utf8.RuneCountInString(f.Message) >= 140 {
					t.Errorf("message of %d bytes", len(f.Message))
				}
			}
			t.Logf("%d findings in %v, the first at %d", len(findings), time.Since(start).Round(time.Millisecond), file.Offset(findings[0].Pos))
		})
	}
}
