package deploycheck

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/nginxconf"
	"github.com/grpclint/grpclint/deploycheck/source"
)

// nginxKeepalive reports upstreams of gRPC to which nginx opens a connection
// for each RPC. Since 1.29.7 it keeps them by itself.
func nginxKeepalive(c *checker) {
	if atLeast(c.options.Nginx, 1, 29, 7) {
		return
	}
	passed := make(map[string]*nginxconf.Directive)
	for _, f := range c.Nginx {
		nginxconf.Walk(f.top, func(d *nginxconf.Directive) {
			if d.Text == "grpc_pass" && len(d.Args) > 0 {
				passed[passTarget(d)] = d
			}
		})
	}
	for _, f := range c.Nginx {
		nginxconf.Walk(f.top, func(d *nginxconf.Directive) {
			if d.Text != "upstream" || d.Arg() == "" || passed[d.Arg()] == nil {
				return
			}
			if len(nginxconf.Find(d.Block, "keepalive")) > 0 || len(nginxconf.Find(d.Block, "include")) > 0 {
				return
			}
			i := Issue{
				At:      d.Args[0].Span,
				Message: fmt.Sprintf("nginx opens a TCP connection for every RPC: upstream %s has no keepalive (before nginx 1.29.7)", d.Arg()),
				Decl:    d.Arg(), Subject: "keepalive",
				Related: []Related{{passed[d.Arg()].Whole(), "gRPC is passed to it here"}},
			}
			if last := d.Block; len(last) > 0 {
				i.Fixes = []Fix{{Message: "Keep up to 32 idle connections", Edits: []Edit{below(last[len(last)-1], "keepalive 32;")}}}
			}
			c.report(i)
		})
	}
}

// below is the edit that writes a directive into the line below another one.
func below(d *nginxconf.Directive, text string) Edit {
	src := d.Span.Text.Content
	end := d.Whole().End
	for end < len(src) && src[end] != ';' && src[end] != '\n' {
		end++
	}
	if end < len(src) && src[end] == ';' {
		end++
	}
	start := d.Span.Start
	indent := start
	for indent > 0 && (src[indent-1] == ' ' || src[indent-1] == '\t') {
		indent--
	}
	// A block in YAML is indented in the file, too.
	lineStart, _ := source.Span{Text: d.Span.Text, Start: indent, End: indent}.InFile()
	file := d.Span.Text.File.Content
	for lineStart > 0 && file[lineStart-1] != '\n' {
		lineStart--
	}
	at, _ := d.Span.InFile()
	return Edit{source.Span{Text: d.Span.Text, Start: end, End: end}, "\n" + string(file[lineStart:at]) + text}
}

// atLeast compares a version, "1.29.7", with another; one that is not known is
// older.
func atLeast(version string, least ...int) bool {
	parts := strings.Split(version, ".")
	for i, want := range least {
		if i >= len(parts) {
			return false
		}
		got, err := strconv.Atoi(parts[i])
		if err != nil || got < want {
			return false
		}
		if got > want {
			return true
		}
	}
	return true
}
