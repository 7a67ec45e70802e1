package deploycheck

import (
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/nginxconf"
)

// nginxHTTP2 reports servers that pass gRPC on and do not speak HTTP/2 to
// clients: every RPC fails before it is sent.
func nginxHTTP2(c *checker) {
	everywhere := false // http2 on, for all servers, maybe in another file
	spoken := make(map[string]bool)
	for _, f := range c.Nginx {
		nginxconf.Walk(f.top, func(d *nginxconf.Directive) {
			switch {
			case d.Text == "http2" && d.Arg() != "off" && d.Above("server") == nil:
				everywhere = true
			case d.Text == "listen" && len(d.Args) > 0 && (hasHTTP2(d) || turnsOn(d.Above("server"))):
				spoken[d.Args[0].Text] = true // one socket, one protocol before 1.25.1
			}
		})
	}
	for _, f := range c.Nginx {
		nginxconf.Walk(f.top, func(server *nginxconf.Directive) {
			if server.Text != "server" || !server.HasBlock || server.Above("upstream") != nil || everywhere {
				return
			}
			pass := firstPass(server, "grpc_pass")
			if pass == nil || turnsOn(server) || len(nginxconf.Find(server.Block, "include")) > 0 {
				return
			}
			listens := nginxconf.Find(server.Block, "listen")
			at := server
			for _, l := range listens {
				if hasHTTP2(l) || len(l.Args) == 0 || spoken[l.Args[0].Text] {
					return
				}
				for _, arg := range l.Args {
					if !arg.Known() && arg.Text != l.Args[0].Text || arg.Text == "quic" {
						return
					}
				}
			}
			if len(listens) > 0 {
				at = listens[0]
			}
			c.report(Issue{
				At:      at.Whole(),
				Message: fmt.Sprintf("every RPC to %s fails with UNAVAILABLE: this server does not speak HTTP/2", passTarget(pass)),
				Decl:    serverName(server), Subject: passTarget(pass),
				Related: []Related{{pass.Whole(), "gRPC is passed on here"}},
			})
		})
	}
}

func hasHTTP2(listen *nginxconf.Directive) bool {
	for _, arg := range listen.Args {
		if arg.Text == "http2" {
			return true
		}
	}
	return false
}

// turnsOn reports whether a server has the directive http2, in whatever words.
func turnsOn(server *nginxconf.Directive) bool {
	if server == nil {
		return false
	}
	for _, d := range nginxconf.Find(server.Block, "http2") {
		if d.Arg() != "off" {
			return true
		}
	}
	return false
}

// firstPass returns the first directive of a name anywhere in a block.
func firstPass(block *nginxconf.Directive, name string) *nginxconf.Directive {
	var found *nginxconf.Directive
	nginxconf.Walk(block.Block, func(d *nginxconf.Directive) {
		if found == nil && d.Text == name && len(d.Args) > 0 {
			found = d
		}
	})
	return found
}

// passTarget is where a directive passes requests to, without the scheme.
func passTarget(pass *nginxconf.Directive) string {
	target := pass.Args[0].Text
	if _, rest, ok := strings.Cut(target, "://"); ok {
		target = rest
	}
	return target
}

func serverName(server *nginxconf.Directive) string {
	for _, d := range nginxconf.Find(server.Block, "server_name") {
		return d.Arg()
	}
	return ""
}
