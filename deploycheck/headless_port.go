package deploycheck

import (
	"fmt"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/rule"
)

// headlessPort reports headless Services whose port differs from that of the
// pods: their name leads to the pods themselves, where nobody maps ports.
func headlessPort(c *checker) {
	for _, s := range c.Services {
		headless, known := s.Headless()
		if !headless || !known || c.isMeshed(s.Object, false) {
			continue
		}
		for i := range s.Ports {
			p := &s.Ports[i]
			target := c.targetOf(s, p)
			if p.Port == 0 || target == 0 || target == p.Port || !c.portSpeaksGRPC(s, p) {
				continue
			}
			issue := Issue{
				Severity: rule.Info,
				At:       p.Node.Get("port").Span(),
				Message:  fmt.Sprintf("nothing listens on %s:%d: the Service is headless, and its pods listen on %d", s.Name, p.Port, target),
				Decl:     "Service " + s.Name, Subject: p.Name,
			}
			if dialled := c.dialled(s, p.Port); dialled != nil {
				issue.Severity = rule.Error
				issue.Message = fmt.Sprintf("%s:%d cannot be reached: Service %s is headless, and its pods listen on %d", s.Name, p.Port, s.Name, target)
				issue.Related = []Related{{dialled.node.Span(), "it is dialled here"}}
			}
			c.report(issue)
		}
	}
}

// dialled returns a use of a Service's port, or nil.
func (c *checker) dialled(s *kube.Service, port int) *use {
	for _, u := range c.uses() {
		if u.port != port {
			continue
		}
		for _, to := range c.servicesAt(u.address, u.container.Of.Object) {
			if to == s {
				return &u
			}
		}
	}
	for i := range c.code.Programs {
		for _, t := range c.code.Programs[i].Balances {
			if a, ok := parseAddress(t.Address); ok && a.host == s.Name && a.port == port {
				return &use{node: s.NameNode()}
			}
		}
	}
	return nil
}

// targetOf returns the number of the port that a Service's port leads to, by
// name too; 0 if it is not known.
func (c *checker) targetOf(s *kube.Service, p *kube.ServicePort) int {
	if p.TargetName == "" {
		return p.Target
	}
	number := 0
	for _, w := range c.selected(s) {
		for _, container := range w.Containers {
			for _, declared := range container.Ports {
				if declared.Name != p.TargetName {
					continue
				}
				if number != 0 && number != declared.Number {
					return 0
				}
				number = declared.Number
			}
		}
	}
	return number
}
