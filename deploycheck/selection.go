package deploycheck

import (
	"maps"
	"slices"

	"github.com/grpclint/grpclint/deploycheck/kube"
)

// A selection says which Services lead to which workloads.
type selection struct {
	workloads map[*kube.Service][]*kube.Workload
	services  map[*kube.Workload][]*kube.Service
}

// label is one of a workload's pods.
type label struct{ name, value string }

// selections finds them by one label of each selector: large clusters have
// thousands of both.
func (c *checker) selections() *selection {
	if c.selects != nil {
		return c.selects
	}
	c.selects = &selection{workloads: make(map[*kube.Service][]*kube.Workload), services: make(map[*kube.Workload][]*kube.Service)}
	labelled := make(map[label][]*kube.Workload)
	for _, w := range c.Workloads {
		for _, f := range w.Template.Get("metadata", "labels").Fields() {
			if value, ok := w.Label(f.Name); ok {
				labelled[label{f.Name, value}] = append(labelled[label{f.Name, value}], w)
			}
		}
	}
	for _, s := range c.Services {
		var fewest []*kube.Workload
		for i, name := range slices.Sorted(maps.Keys(s.Selector)) {
			if list := labelled[label{name, s.Selector[name]}]; i == 0 || len(list) < len(fewest) {
				fewest = list
			}
		}
		for _, w := range fewest {
			if s.Selects(w) {
				c.selects.workloads[s] = append(c.selects.workloads[s], w)
				c.selects.services[w] = append(c.selects.services[w], s)
			}
		}
	}
	return c.selects
}

// selected returns the workloads behind a Service.
func (c *checker) selected(s *kube.Service) []*kube.Workload { return c.selections().workloads[s] }

// selecting returns the Services that lead to a workload.
func (c *checker) selecting(w *kube.Workload) []*kube.Service { return c.selections().services[w] }
