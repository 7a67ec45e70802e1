package deploycheck

import (
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/nginxconf"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
	"github.com/grpclint/grpclint/rule"
)

// nginxProxyPass reports gRPC servers to which nginx passes requests as HTTP/1.
func nginxProxyPass(c *checker) {
	for _, f := range c.Nginx {
		nginxconf.Walk(f.top, func(d *nginxconf.Directive) {
			if d.Text != "proxy_pass" || len(d.Args) == 0 || !strings.HasPrefix(d.Args[0].Text, "http://") {
				return
			}
			target := d.Args[0].Text
			for _, address := range upstreamServers(f, target) {
				a, ok := parseAddress(address)
				if !ok || a.port == 0 {
					continue
				}
				service, port, sure := c.grpcPort(a)
				if service == nil {
					continue
				}
				i := Issue{
					At:      d.Args[0].Span,
					Message: fmt.Sprintf("every RPC fails or hangs: port %d of %s serves gRPC, and proxy_pass speaks HTTP/1 (use grpc_pass)", a.port, a.host),
					Decl:    a.host, Subject: fmt.Sprint(a.port),
					Related: []Related{{port.Node.Line(), "the port of Service " + service.Name}},
				}
				if !sure {
					i.Severity = rule.Warning
				}
				c.report(i)
				return
			}
		})
	}
}

// grpcPort returns the port of a Service that an address is of, if it serves
// gRPC and nothing else; sure if the program behind it is known to.
func (c *checker) grpcPort(a address) (*kube.Service, *kube.ServicePort, bool) {
	services := c.servicesAt(a, nil)
	if len(services) != 1 {
		return nil, nil, false
	}
	s := services[0]
	for i := range s.Ports {
		p := &s.Ports[i]
		if p.Port != a.port || !c.portSpeaksGRPC(s, p) {
			continue
		}
		sure := false
		for _, w := range c.selected(s) {
			for _, container := range w.Containers {
				program := c.programIn(container)
				if program == nil {
					continue
				}
				if program.Mixed {
					return nil, nil, false
				}
				for _, port := range program.Ports {
					sure = sure || port == p.Target
				}
			}
		}
		return s, p, sure
	}
	return nil, nil, false
}

// upstreamServers returns the addresses that a target of a pass stands for.
func upstreamServers(f *nginxFile, target string) []string {
	_, host, _ := strings.Cut(target, "://")
	host, _, _ = strings.Cut(host, "/")
	var servers []string
	nginxconf.Walk(f.top, func(d *nginxconf.Directive) {
		if d.Text == "upstream" && d.Arg() == host {
			for _, s := range nginxconf.Find(d.Block, "server") {
				servers = append(servers, s.Arg())
			}
		}
	})
	if servers == nil && !yamldoc.HasHole(host) && !strings.Contains(host, "$") {
		servers = []string{host}
	}
	return servers
}
