package serviceconfig_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
	"github.com/grpclint/grpclint/rule"
)

// The schema is committed, so that editors can be pointed to it.
func TestSchemaIsUpToDate(t *testing.T) {
	const name = "../../docs/service-config.schema.json"
	if *update {
		if err := os.WriteFile(name, serviceconfig.Schema(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, serviceconfig.Schema()) {
		t.Errorf("%s is stale: run go test ./protocheck/serviceconfig -run Schema -update", name)
	}
}

// pattern compiles a pattern once.
var pattern = func() func(string) *regexp.Regexp {
	compiled := make(map[string]*regexp.Regexp)
	return func(text string) *regexp.Regexp {
		if compiled[text] == nil {
			compiled[text] = regexp.MustCompile(text)
		}
		return compiled[text]
	}
}()

// A schema knows as much of JSON Schema as ours uses, and fails on the rest.
type schema map[string]any

func readSchema(t testing.TB) schema {
	t.Helper()
	var s schema
	if err := json.Unmarshal(serviceconfig.Schema(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// accepts returns why a value does not fit, or nil. root has the definitions.
func (s schema) accepts(root schema, v any) error {
	for keyword, arg := range s {
		if err := s.keyword(root, keyword, arg, v); err != nil {
			return err
		}
	}
	return nil
}

func (s schema) keyword(root schema, keyword string, arg, v any) error {
	number, isNumber := v.(float64)
	list, isList := v.([]any)
	object, isObject := v.(map[string]any)
	text, isText := v.(string)
	refuse := fmt.Errorf("%s %v: %v", keyword, arg, v)
	switch keyword {
	case "$schema", "title", "description", "definitions", "additionalItems":
		return nil
	case "$ref":
		definitions := root["definitions"].(map[string]any)
		name := strings.TrimPrefix(arg.(string), "#/definitions/")
		return schema(definitions[name].(map[string]any)).accepts(root, v)
	case "type":
		types, ok := arg.([]any)
		if !ok {
			types = []any{arg}
		}
		if slices.ContainsFunc(types, func(t any) bool {
			switch t {
			case "null":
				return v == nil
			case "boolean":
				_, ok := v.(bool)
				return ok
			case "string":
				return isText
			case "number":
				return isNumber
			case "integer":
				return isNumber && number == float64(int64(number))
			case "array":
				return isList
			case "object":
				return isObject
			}
			panic(fmt.Sprintf("type %v", t))
		}) {
			return nil
		}
		return refuse
	case "enum":
		if !slices.Contains(arg.([]any), v) {
			return refuse
		}
	case "pattern":
		if isText && !pattern(arg.(string)).MatchString(text) {
			return refuse
		}
	case "minimum":
		if isNumber && number < arg.(float64) {
			return refuse
		}
	case "exclusiveMinimum":
		if isNumber && number <= arg.(float64) {
			return refuse
		}
	case "maximum":
		if isNumber && number > arg.(float64) {
			return refuse
		}
	case "minItems":
		if isList && len(list) < int(arg.(float64)) {
			return refuse
		}
	case "minProperties":
		if isObject && len(object) < int(arg.(float64)) {
			return refuse
		}
	case "maxProperties":
		if isObject && len(object) > int(arg.(float64)) {
			return refuse
		}
	case "required":
		for _, name := range arg.([]any) {
			if _, ok := object[name.(string)]; isObject && !ok {
				return refuse
			}
		}
	case "allOf":
		for _, inner := range arg.([]any) {
			if err := schema(inner.(map[string]any)).accepts(root, v); err != nil {
				return err
			}
		}
	case "anyOf":
		for _, inner := range arg.([]any) {
			if schema(inner.(map[string]any)).accepts(root, v) == nil {
				return nil
			}
		}
		return refuse
	case "items":
		first, isTuple := arg.([]any)
		for i, element := range list {
			inner := arg
			if isTuple {
				if inner = s["additionalItems"]; i < len(first) {
					inner = first[i]
				}
			}
			if err := schema(inner.(map[string]any)).accepts(root, element); err != nil {
				return err
			}
		}
	case "properties":
		for name, inner := range arg.(map[string]any) {
			if value, ok := object[name]; ok {
				if err := schema(inner.(map[string]any)).accepts(root, value); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
	case "additionalProperties":
		known, _ := s["properties"].(map[string]any)
		for name, value := range object {
			if _, ok := known[name]; !ok {
				if err := schema(arg.(map[string]any)).accepts(root, value); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
	default:
		panic("keyword " + keyword)
	}
	return nil
}

// What the checker is content with, the schema accepts; most of what grpc-go
// refuses for a value, it does not.
func TestSchemaAcceptsWhatTheCheckerAccepts(t *testing.T) {
	s := readSchema(t)
	accepted, bad, caught := 0, 0, 0
	g := differential.NewGenerator(7, differential.Plain)
	for range 20_000 {
		config := g.Config()
		var v any
		if json.Unmarshal([]byte(config), &v) != nil || !utf8.ValidString(config) {
			continue
		}
		_, findings := check(t, "config.json", config, serviceconfig.Options{})
		worst, cased := rule.Off, false
		for _, f := range findings {
			worst = max(worst, f.EffectiveSeverity())
			cased = cased || f.Rule.Name() == "key-case"
		}
		if cased {
			continue // to a schema it is another key
		}
		err := s.accepts(s, v)
		switch {
		case worst <= rule.Info:
			accepted++
			if err != nil && v != nil { // null is as good as {}, and no object
				t.Fatalf("the schema refuses: %v\n%s", err, config)
			}
		case worst == rule.Error:
			bad++
			if err != nil {
				caught++
			}
		}
	}
	t.Logf("%d accepted; of %d configs with errors, %d are refused", accepted, bad, caught)
	if accepted < 1000 || caught < bad/2 {
		t.Errorf("%d accepted; of %d configs with errors, %d are refused", accepted, bad, caught)
	}
}

// Without the rules of the schema for a field, the configs that they are for
// would pass.
func TestSchemaRefuses(t *testing.T) {
	s := readSchema(t)
	for _, config := range []string{
		`[]`,
		`{"methodConfig":{}}`,
		`{"methodConfig":[{"name":[]}]}`,
		`{"methodConfig":[{"name":[{"service":1}]}]}`,
		`{"methodConfig":[{"name":[{}],"timeout":"400ms"}]}`,
		`{"methodConfig":[{"name":[{}],"timeout":1}]}`,
		`{"methodConfig":[{"name":[{}],"timeout":"-1s"}]}`,
		`{"methodConfig":[{"name":[{}],"maxRequestMessageBytes":0}]}`,
		`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":3}}]}`,
		`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":1,"initialBackoff":"1s","maxBackoff":"1s","backoffMultiplier":1,"retryableStatusCodes":["UNAVAILABLE"]}}]}`,
		`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":2,"initialBackoff":"1s","maxBackoff":"1s","backoffMultiplier":1,"retryableStatusCodes":["unavailable"]}}]}`,
		`{"retryThrottling":{"maxTokens":1001,"tokenRatio":1}}`,
		`{"loadBalancingConfig":[]}`,
		`{"loadBalancingConfig":[{"pick_first":{"shuffleAddressList":1}}]}`,
	} {
		var v any
		if err := json.Unmarshal([]byte(config), &v); err != nil {
			t.Fatal(err)
		}
		if s.accepts(s, v) == nil {
			t.Errorf("accepted: %s", config)
		}
	}
}
