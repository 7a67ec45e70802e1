package config

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/grpclint/grpclint/rule"
)

// YAML writes the effective configuration, with the severity of every rule,
// in the form of the file.
func (c *Config) YAML() ([]byte, error) {
	type exclusion struct {
		Path   string   `yaml:"path"`
		Rules  []string `yaml:"rules"`
		Reason string   `yaml:"reason"`
	}
	type serviceConfig struct {
		Dialect string `yaml:"dialect"`
		GRPCGo  string `yaml:"grpc-go,omitempty"`
	}
	type deploy struct {
		Nginx string   `yaml:"nginx,omitempty"`
		Skip  []string `yaml:"skip"`
	}
	type run struct {
		Severity  string   `yaml:"severity,omitempty"`
		FailOn    string   `yaml:"fail-on,omitempty"`
		Tests     *bool    `yaml:"tests,omitempty"`
		Tags      []string `yaml:"tags,omitempty"`
		Generated *bool    `yaml:"generated,omitempty"`
		Matrix    []string `yaml:"matrix,omitempty"`
		Modules   *bool    `yaml:"modules,omitempty"`
	}
	var file struct {
		Rules   yaml.Node   `yaml:"rules"`
		Exclude []exclusion `yaml:"exclude"`
		Proto   struct {
			Roots []string `yaml:"roots"`
		} `yaml:"proto"`
		ServiceConfig serviceConfig `yaml:"serviceconfig"`
		Deploy        deploy        `yaml:"deploy"`
		Deadline      struct {
			BoundedBy []string `yaml:"bounded-by"`
		} `yaml:"deadline"`
		Status struct {
			ETagCode string `yaml:"etag-code"`
		} `yaml:"status"`
		Run run `yaml:"run,omitempty"`
	}
	file.Rules.Kind = yaml.MappingNode // a node keeps the rules in order
	for _, r := range rule.All() {
		file.Rules.Content = append(file.Rules.Content,
			&yaml.Node{Kind: yaml.ScalarNode, Value: r.ID},
			&yaml.Node{Kind: yaml.ScalarNode, Value: c.Severity(r).String()})
	}
	file.Exclude = make([]exclusion, len(c.Exclude)) // [] and not null
	for i, e := range c.Exclude {
		file.Exclude[i] = exclusion(e)
	}
	file.Proto.Roots = append([]string{}, c.Proto.Roots...)
	file.ServiceConfig = serviceConfig(c.ServiceConfig)
	file.Deploy = deploy{c.Deploy.Nginx, append([]string{}, c.Deploy.Skip...)}
	file.Deadline.BoundedBy = append([]string{}, c.Deadline.BoundedBy...)
	file.Status.ETagCode = c.Status.ETagCode
	file.Run = run{Tests: c.Run.Tests, Tags: c.Run.Tags, Generated: c.Run.Generated, Modules: c.Run.Modules}
	if s := c.Run.Severity; s != nil {
		file.Run.Severity = s.String()
	}
	if s := c.Run.FailOn; s != nil {
		file.Run.FailOn = "never"
		if *s != 0 {
			file.Run.FailOn = s.String()
		}
	}
	for _, b := range c.Run.Matrix {
		file.Run.Matrix = append(file.Run.Matrix, b.Name)
	}
	return yaml.Dump(file)
}

func sorted(known keys) []string { return slices.Sorted(maps.Keys(known)) }
