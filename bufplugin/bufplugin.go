// Package bufplugin runs grpclint's rules for .proto files inside buf, as a
// check plugin. See docs/buf.md.
package bufplugin

import (
	"context"
	"slices"
	"strings"

	"buf.build/go/bufplugin/check"
	"buf.build/go/bufplugin/info"
	"buf.build/go/bufplugin/option"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/rule"
)

// Category is what buf.yaml names to use all rules that are on by default in
// grpclint, those that only inform included.
const Category = "GRPCLINT"

// Families are those whose rules look at .proto files alone.
func families() []string { return []string{"etag", "idempotency", "proto"} }

// Spec describes the plugin to buf.
//
// buf has no severities: whatever is reported fails the run. So by default
// only what is a warning or an error is reported, as by go vet.
func Spec() *check.Spec {
	spec := &check.Spec{
		Categories: []*check.CategorySpec{{ID: Category, Purpose: "Checks the rules that grpclint has on by default."}},
		Info: &info.Spec{
			Documentation: "grpclint checks how gRPC APIs let their clients retry and update without harm.",
			SPDXLicenseID: "Apache-2.0",
			LicenseURL:    "https://github.com/grpclint/grpclint/blob/main/LICENSE",
		},
	}
	for _, family := range families() {
		for _, r := range rule.Family(family) {
			spec.Rules = append(spec.Rules, ruleSpec(r))
		}
	}
	return spec
}

func ruleSpec(r *rule.Rule) *check.RuleSpec {
	spec := &check.RuleSpec{
		ID:      ID(r),
		Default: r.On && r.Severity >= rule.Warning,
		Purpose: "Reports " + r.Summary + ".",
		Type:    check.RuleTypeLint,
		Handler: handler(r),
	}
	if r.On {
		spec.CategoryIDs = []string{Category}
	}
	return spec
}

// ID returns the name of a rule in buf, GRPCLINT_ETAG_TYPE of etag/type.
// All of buf's rules and plugins share one space of names.
func ID(r *rule.Rule) string {
	return Category + "_" + strings.ToUpper(strings.NewReplacer("/", "_", "-", "_").Replace(r.ID))
}

// Names of the plugin's options in buf.yaml.
const (
	etagCodeOption = "etag_code" // as status.etag-code in .grpclint.yaml
	tokensOption   = "tokens"    // names of fields that make requests unique
)

// handler runs one rule over the files of a request that are no imports.
func handler(r *rule.Rule) check.RuleHandler {
	return check.RuleHandlerFunc(func(_ context.Context, w check.ResponseWriter, request check.Request) error {
		options := protocheck.Options{Enabled: func(other *rule.Rule) bool { return other == r }}
		var err error
		if options.EtagCode, err = option.GetStringValue(request.Options(), etagCodeOption); err != nil {
			return err
		}
		if options.Tokens, err = option.GetStringSliceValue(request.Options(), tokensOption); err != nil {
			return err
		}
		for _, f := range request.FileDescriptors() {
			if f.IsImport() {
				continue
			}
			file := f.ProtoreflectFileDescriptor()
			for _, issue := range protocheck.Check(file, comments{}, options) {
				if ignored(issue) {
					continue
				}
				w.AddAnnotation(
					check.WithMessage(visible.Text(message(issue))),
					check.WithFileNameAndSourcePath(file.Path(), path(issue.At)),
				)
			}
		}
		return nil
	})
}

// message is what buf prints. It has no place for related positions, so
// those in other declarations are named.
func message(issue protocheck.Issue) string {
	text := issue.Message
	var named []string
	for _, related := range issue.Related {
		if name := string(related.At.Descriptor.FullName()); name != string(issue.At.Descriptor.FullName()) && !slices.Contains(named, name) {
			named = append(named, name)
			text += "; " + related.Message + ": " + name
		}
	}
	return text
}
