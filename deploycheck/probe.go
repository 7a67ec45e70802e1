package deploycheck

import (
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// A healthCommand is a call of grpc_health_probe as a probe.
type healthCommand struct {
	node    *yamldoc.Node // the command
	service string
	flags   map[string]string
	known   bool // nothing of it is decided elsewhere
}

// healthProbe returns the call of grpc_health_probe that a probe makes, or nil.
func healthProbe(probe *yamldoc.Node) *healthCommand {
	command := probe.Get("exec", "command")
	c := &healthCommand{node: command, flags: make(map[string]string), known: true}
	found := false
	var words []string
	for _, item := range command.Items() {
		value, ok := item.Value()
		c.known = c.known && ok && !yamldoc.HasHole(value)
		words = append(words, strings.Fields(value)...)
	}
	for i := 0; i < len(words); i++ {
		word := words[i]
		if strings.HasPrefix(path.Base(word), "grpc_health_probe") || strings.HasPrefix(path.Base(word), "grpc-health-probe") {
			found = true
			continue
		}
		name, value, joined := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if !strings.HasPrefix(word, "-") {
			continue
		}
		if !joined && i+1 < len(words) && !strings.HasPrefix(words[i+1], "-") {
			value = words[i+1]
		}
		c.flags[name] = value
	}
	if !found {
		return nil
	}
	c.service = c.flags["service"]
	return c
}

// timeout returns the sum of the times that the command waits at most; set is
// false where neither is given.
func (c *healthCommand) timeout() (sum time.Duration, set bool) {
	for _, name := range []string{"connect-timeout", "rpc-timeout"} {
		value, given := c.flags[name]
		d := time.Second // grpc-health-probe's default
		if given {
			parsed, ok := source.ParseDuration(value)
			if !ok {
				return 0, false
			}
			d, set = parsed, true
		}
		sum += d
	}
	return sum, set
}

// probeTimeoutOf returns how long the kubelet waits for a probe.
func probeTimeoutOf(probe *yamldoc.Node) (d time.Duration, node *yamldoc.Node, known bool) {
	if probe.Lacks("timeoutSeconds") {
		return time.Second, nil, true // k8s.io/api core/v1 Probe
	}
	node = probe.Get("timeoutSeconds")
	seconds, ok := node.Int()
	return time.Duration(seconds) * time.Second, node, ok && seconds > 0
}

// port returns the number of a probe's port, by its name in the container too;
// 0 if it is not known.
func (c *checker) probePort(port *yamldoc.Node, ports map[string]int) int {
	if number, ok := port.Int(); ok {
		return number
	}
	if number, err := strconv.Atoi(port.String()); err == nil {
		return number
	}
	return ports[port.String()]
}
