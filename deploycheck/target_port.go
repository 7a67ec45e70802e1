package deploycheck

import (
	"fmt"
	"slices"

	"github.com/grpclint/grpclint/deploycheck/kube"
)

// targetPort reports a Service's port that leads to a named one which no
// container has. Numbers are not judged: what a container declares is for
// people.
func targetPort(c *checker) {
	for _, s := range c.Services {
		workloads := c.selected(s)
		if len(workloads) == 0 || namesMesh(s.Object, false) || namesMesh(workloads[0].Object, true) {
			continue
		}
		for i := range s.Ports {
			p := &s.Ports[i]
			if p.TargetName == "" || !c.mayBeGRPC(p, workloads) {
				continue
			}
			if slices.ContainsFunc(workloads, func(w *kube.Workload) bool { return mayHavePort(w, p.TargetName) }) {
				continue
			}
			c.report(Issue{
				At:      p.Node.Get("targetPort").Span(),
				Message: fmt.Sprintf("Service %s leads nowhere: no container of %s has a port named %s", s.Name, workloads[0].Name, p.TargetName),
				Decl:    "Service " + s.Name, Subject: p.TargetName,
				Related: []Related{{workloads[0].NameNode().Span(), "the pods that it selects"}},
			})
		}
	}
}

func (c *checker) mayBeGRPC(p *kube.ServicePort, workloads []*kube.Workload) bool {
	if p.SaysGRPC() || kube.IsGRPCName(p.TargetName) {
		return true
	}
	return !p.SaysHTTP() && slices.ContainsFunc(workloads, c.speaksGRPC)
}

// mayHavePort reports whether a pod has a port of a name, or may get one.
func mayHavePort(w *kube.Workload, name string) bool {
	if c := w.Template.Get("spec", "containers"); c.Open() || !c.IsList() {
		return true
	}
	for _, container := range slices.Concat(w.Containers, w.Init) {
		ports := container.Node.Get("ports")
		if ports == nil {
			continue
		}
		if !ports.IsList() {
			return true
		}
		for _, p := range container.Ports {
			if p.Name == name || p.Name == "" && p.Node.Has("name") {
				return true
			}
		}
	}
	return false
}
