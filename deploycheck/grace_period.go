package deploycheck

import (
	"fmt"
	"strings"
	"time"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
	"github.com/grpclint/grpclint/rule"
)

// gracePeriod reports pods that are killed before their RPCs could end.
func gracePeriod(c *checker) {
	for _, w := range c.Workloads {
		grace, node, known := w.Grace()
		if !known || !c.speaksGRPC(w) {
			continue
		}
		end := time.Duration(grace) * time.Second
		decl := w.Kind + " " + w.Name
		if grace == 0 && node != nil {
			c.report(Issue{
				At:      node.Span(),
				Message: fmt.Sprintf("RPCs are cut off at every rollout: pods of %s get SIGKILL at once, as terminationGracePeriodSeconds is 0", w.Name),
				Decl:    decl, Subject: "terminationGracePeriodSeconds",
			})
			continue
		}
		for _, container := range w.Containers {
			sleep, at := preStopSleep(container)
			program := c.programIn(container)
			switch {
			case at != nil && sleep >= end:
				c.report(Issue{
					At:      at.Span(),
					Message: fmt.Sprintf("%s gets SIGKILL before SIGTERM does anything: preStop sleeps %s, and the grace period is %s", container.Name, seconds(sleep), seconds(end)),
					Decl:    decl, Subject: "preStop",
				})
			case program != nil && program.Drain > 0 && sleep+program.Drain > end:
				c.drain(w, container, node, program, sleep, end)
			case program != nil && program.Drain > 0 && sleep+program.Drain == end:
				// Both end at once: what comes behind the wait does not run.
				c.drain(w, container, node, program, sleep, end)
			}
		}
	}
}

func (c *checker) drain(w *kube.Workload, container *kube.Container, node *yamldoc.Node, program *Program, sleep, end time.Duration) {
	wait := seconds(program.Drain)
	if sleep > 0 {
		wait += " after a preStop of " + seconds(sleep)
	}
	i := Issue{
		Severity: rule.Warning,
		At:       container.Node.Get("name").Span(),
		Message:  fmt.Sprintf("%s is killed while it stops: it gives RPCs %s, and Kubernetes gives it %s", container.Name, wait, seconds(end)),
		Decl:     w.Kind + " " + w.Name, Subject: "drain",
	}
	if node != nil {
		i.At = node.Span()
	}
	if !i.At.IsValid() {
		i.At = w.NameNode().Span()
	}
	c.report(i)
}

// preStopSleep returns how long a container's hook sleeps, and where that is
// written; nil if it does not, or does more.
func preStopSleep(c *kube.Container) (time.Duration, *yamldoc.Node) {
	hook := c.Node.Get("lifecycle", "preStop")
	if at := hook.Get("sleep", "seconds"); at != nil {
		n, ok := at.Int()
		if !ok {
			return 0, nil
		}
		return time.Duration(n) * time.Second, at
	}
	items := hook.Get("exec", "command").Items()
	var words []string
	for _, item := range items {
		value, ok := item.Value()
		if !ok {
			return 0, nil
		}
		words = append(words, strings.Fields(value)...)
	}
	for i, word := range words {
		if word != "sleep" && !strings.HasSuffix(word, "/sleep") || i+1 >= len(words) {
			continue
		}
		d, err := time.ParseDuration(strings.Trim(words[i+1], `;"'`))
		if err != nil {
			d, err = time.ParseDuration(strings.Trim(words[i+1], `;"'&`) + "s")
		}
		if err == nil && len(items) > 0 {
			return d, items[len(items)-1]
		}
	}
	return 0, nil
}
