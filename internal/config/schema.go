package config

import (
	"bytes"
	"encoding/json"
	"slices"

	"google.golang.org/grpc/codes"

	"github.com/grpclint/grpclint/rule"
)

// schema is the part of JSON Schema (2020-12) that describes the file.
type schema struct {
	Schema      string            `json:"$schema,omitempty"`
	ID          string            `json:"$id,omitempty"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Type        string            `json:"type,omitempty"`
	Enum        []string          `json:"enum,omitempty"`
	Pattern     string            `json:"pattern,omitempty"`
	MinLength   int               `json:"minLength,omitempty"`
	MinItems    int               `json:"minItems,omitempty"`
	Items       *schema           `json:"items,omitempty"`
	AnyOf       []schema          `json:"anyOf,omitempty"`
	Properties  map[string]schema `json:"properties,omitempty"`
	Required    []string          `json:"required,omitempty"`
	Additional  *bool             `json:"additionalProperties,omitempty"`
}

// Schema returns a JSON Schema of the configuration file, by which editors
// complete and check it. The program reads more strictly still.
func Schema() ([]byte, error) {
	severities := []string{rule.Error.String(), rule.Warning.String(), rule.Info.String(), rule.Off.String()}
	rules := make(map[string]schema)
	var selectors []string
	for _, r := range rule.All() {
		if _, seen := rules[r.Family()]; !seen {
			rules[r.Family()] = schema{Description: "all rules of the family", Enum: severities}
			selectors = append(selectors, r.Family())
		}
		rules[r.ID] = schema{Description: r.Summary, Enum: severities}
		selectors = append(selectors, r.ID)
		for _, alias := range r.Aliases {
			rules[alias] = schema{Description: "former id of " + r.ID, Enum: severities}
			selectors = append(selectors, alias)
		}
	}
	var codeNames []string
	for code := codes.OK; code <= codes.Unauthenticated; code++ {
		codeNames = append(codeNames, canonical(code))
	}
	file := object("", map[string]schema{
		"rules": object("severity of a rule or of a family; an id wins over its family", rules),
		"exclude": list("rules that are silent in some files", withRequired(object("", map[string]schema{
			"path":   {Description: "glob from the folder of this file; ** stands for any number of folders", Type: "string", MinLength: 1},
			"rules":  {Description: "ids or families", Type: "array", MinItems: 1, Items: &schema{Enum: selectors}},
			"reason": {Description: "why", Type: "string", MinLength: 1},
		}), "path", "rules", "reason")),
		"proto": object("", map[string]schema{
			"roots": list("folders that imports of .proto files start from", schema{Type: "string", MinLength: 1}),
		}),
		"serviceconfig": object("", map[string]schema{
			"dialect": {Description: "what service-config files are for; auto decides by the name", Enum: []string{"auto", "runtime", "gapic"}},
			"grpc-go": {Description: "version of grpc-go whose verdict counts", Type: "string", Pattern: versionForm.String()},
		}),
		"deploy": object("", map[string]schema{
			"nginx": {Description: "version of nginx that runs", Type: "string", Pattern: nginxForm.String()},
			"skip":  list("globs of manifests that are not read, from the folder of this file", schema{Type: "string", MinLength: 1}),
		}),
		"deadline": object("", map[string]schema{
			"bounded-by": list("functions or interceptors that are known to set a deadline", schema{Type: "string", MinLength: 1}),
		}),
		"status": object("", map[string]schema{
			"etag-code": {Description: "status code that a stale etag is to be answered with", Enum: codeNames},
		}),
		"run": object("defaults of flags", map[string]schema{
			"severity":  {Description: "lowest severity to report", Enum: severities[:3]},
			"fail-on":   {Description: "lowest severity that makes the exit status 1", Enum: append(slices.Clone(severities[:3]), "never")},
			"tests":     {Description: "check test files, too", Type: "boolean"},
			"tags":      words("build tags"),
			"generated": {Description: "report on generated files, too", Type: "boolean"},
			"matrix":    words("builds to check for: GOOS/GOARCH, +TAG, GOOS/GOARCH+TAG or host"),
			"modules":   {Description: "check the modules below, too", Type: "boolean"},
		}),
	})
	file.Schema = "https://json-schema.org/draft/2020-12/schema"
	file.ID = "https://github.com/grpclint/grpclint/blob/main/docs/grpclint.schema.json"
	file.Title = Name
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(file)
	return out.Bytes(), err
}

// object is a mapping with these keys and no others.
func object(description string, properties map[string]schema) schema {
	return schema{Description: description, Type: "object", Properties: properties, Additional: new(bool)}
}

func list(description string, items schema) schema {
	return schema{Description: description, Type: "array", Items: &items}
}

// words is a list, or a text with commas.
func words(description string) schema {
	text := schema{Type: "string", MinLength: 1}
	return schema{Description: description, AnyOf: []schema{text, {Type: "array", Items: &text}}}
}

func withRequired(s schema, keys ...string) schema {
	s.Required = keys
	return s
}

// canonical is the name that the file takes: that of google.rpc.Code.
func canonical(code codes.Code) string {
	names := [...]string{
		"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
		"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
		"UNAUTHENTICATED",
	}
	return names[code]
}
