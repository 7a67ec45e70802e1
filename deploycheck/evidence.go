package deploycheck

import (
	"path"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// speaksGRPC reports whether something says that a workload serves gRPC: a
// port's name, a probe, a Service's port, or the program that runs in it.
func (c *checker) speaksGRPC(w *kube.Workload) bool {
	for _, container := range w.Containers {
		if saysGRPC(container) {
			return true
		}
		if p := c.programIn(container); p != nil && p.servesGRPC() {
			return true
		}
	}
	return slices.ContainsFunc(c.selecting(w), func(s *kube.Service) bool {
		return slices.ContainsFunc(s.Ports, func(p kube.ServicePort) bool { return p.SaysGRPC() })
	})
}

// portSpeaksGRPC reports whether a port of a Service is for gRPC.
func (c *checker) portSpeaksGRPC(s *kube.Service, p *kube.ServicePort) bool {
	if p.SaysGRPC() {
		return true
	}
	if p.SaysHTTP() || p.AppProtocol != "" {
		return false
	}
	if kube.IsGRPCName(p.TargetName) {
		return true
	}
	for _, w := range c.selected(s) {
		for _, container := range w.Containers {
			for _, declared := range container.Ports {
				same := declared.Number != 0 && declared.Number == p.Target || declared.Name != "" && declared.Name == p.TargetName
				if same && kube.IsGRPCName(declared.Name) {
					return true
				}
			}
			for _, probe := range container.Probes() {
				if number, ok := probe.Get("grpc", "port").Int(); ok && number == p.Target {
					return true
				}
			}
			if program := c.programIn(container); program != nil && slices.Contains(program.Ports, p.Target) {
				return true
			}
		}
	}
	return false
}

// isMeshed reports whether a side-car of a mesh may stand in front of the pods
// of a workload, or of all.
func (c *checker) isMeshed(o *kube.Object, template bool) bool {
	return c.meshed || namesMesh(o, template)
}

// namesMesh: an annotation or a label of the object, or of its pods, is one of a
// mesh.
func namesMesh(o *kube.Object, template bool) bool {
	metadata := o.Root.Get("metadata")
	if template {
		metadata = o.Root.Get("spec", "template", "metadata")
	}
	for _, list := range []string{"annotations", "labels"} {
		for _, f := range metadata.Get(list).Fields() {
			if strings.Contains(f.Name, "istio.io/") || strings.Contains(f.Name, "linkerd.io/") || strings.Contains(f.Name, "consul.hashicorp.com/") || strings.Contains(f.Name, "openservicemesh.io/") || strings.Contains(f.Name, "kuma.io/") {
				return true
			}
		}
	}
	return false
}

// programIn returns the program that runs in a container, nil if that is not
// certain.
func (c *checker) programIn(container *kube.Container) *Program {
	if len(c.code.Programs) == 0 || container.Image == "" && len(container.Env) == 0 {
		return nil
	}
	key := container.Of.File.Path + "\x00" + container.Of.Kind + "\x00" + container.Of.Name + "\x00" + container.Name
	if p, known := c.programs[key]; known {
		return p
	}
	if c.programs == nil {
		c.programs = make(map[string]*Program)
	}
	p := c.findProgram(container)
	c.programs[key] = p
	return p
}

// findProgram asks what the image is called, which variables the program
// reads, and where the manifest lies. Each of these has to name one program,
// and none another.
func (c *checker) findProgram(container *kube.Container) *Program {
	image := imageName(container.Image)
	byImage := c.only(func(p *Program) bool {
		return image != "" && (slices.Contains(p.names(), image) || p.isPartOf(repository(container.Image)))
	})
	command, _ := container.Command()
	byCommand := c.only(func(p *Program) bool {
		return len(command) > 0 && slices.Contains(p.names(), plainName(path.Base(command[0])))
	})
	byEnv := c.byVariables(container)
	byFolder := c.only(func(p *Program) bool { return isBelow(path.Dir(slash(container.Of.File.Path)), slash(p.Dir)) })
	var found *Program
	for _, p := range []*Program{byImage, byCommand, byEnv, byFolder} {
		switch {
		case p == nil:
		case found != nil && found != p:
			return nil
		default:
			found = p
		}
	}
	if found == nil {
		found = c.onlyServer(container)
	}
	if byFolder != nil && found == byFolder && byImage == nil && byEnv == nil && len(container.Of.Containers) > 1 {
		return nil // one of them
	}
	return found
}

// onlyServer returns the one program that serves gRPC, if all containers that
// serve it are of one image.
func (c *checker) onlyServer(container *kube.Container) *Program {
	p := c.only(func(p *Program) bool { return p.servesGRPC() })
	if p == nil || !saysGRPC(container) || container.Image == "" || isProxy(container.Image) {
		return nil
	}
	for _, w := range c.Workloads {
		for _, other := range w.Containers {
			if saysGRPC(other) && !isProxy(other.Image) && imageName(other.Image) != imageName(container.Image) {
				return nil
			}
		}
	}
	return p
}

// isProxy: an image of what passes gRPC on, or of a collector, which programs
// stand beside.
func isProxy(image string) bool {
	for _, name := range []string{"envoy", "nginx", "haproxy", "traefik", "istio", "linkerd", "otel", "opentelemetry", "jaeger", "grpcwebproxy", "grpc-web"} {
		if strings.Contains(strings.ToLower(image), name) {
			return true
		}
	}
	return false
}

// saysGRPC: a container declares a port for gRPC, or a probe.
func saysGRPC(container *kube.Container) bool {
	return slices.ContainsFunc(container.Ports, func(p kube.ContainerPort) bool { return kube.IsGRPCName(p.Name) }) ||
		slices.ContainsFunc(container.Probes(), func(p *yamldoc.Node) bool { return p.Has("grpc") || healthProbe(p) != nil })
}

// only returns the one program of which something is true.
func (c *checker) only(is func(*Program) bool) *Program {
	var found *Program
	for i := range c.code.Programs {
		if p := &c.code.Programs[i]; is(p) {
			if found != nil {
				return nil
			}
			found = p
		}
	}
	return found
}

// byVariables returns the program that reads the most of a container's
// variables, at least two of them, and more than any other.
func (c *checker) byVariables(container *kube.Container) *Program {
	const least = 2
	var found *Program
	most, tied := 0, false
	for i := range c.code.Programs {
		p := &c.code.Programs[i]
		count := 0
		for _, e := range container.Env { // not of envFrom, which several programs share
			if e.Name != "PORT" && slices.Contains(p.Env, e.Name) {
				count++
			}
		}
		switch {
		case count > most:
			found, most, tied = p, count, false
		case count == most:
			tied = true
		}
	}
	if most < least || tied {
		return nil
	}
	return found
}

// isPartOf reports whether an image is named after the module and the program:
// "scheduler-api" holds cmd/api of go-grpc-task-scheduler.
func (p *Program) isPartOf(image string) bool {
	dir, module := path.Base(slash(p.Dir)), path.Base(slash(p.Module))
	words, own := wordsOf(image), wordsOf(dir)
	if len(words) <= len(own) || slash(p.Dir) == slash(p.Module) {
		return false
	}
	all := append(wordsOf(module), own...)
	for _, word := range own {
		if !slices.Contains(words, word) {
			return false
		}
	}
	return !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(all, word) })
}

func wordsOf(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '-' || r == '_' || r == '.' })
}

// repository is the last part of an image's name as it is written.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	name, _, _ := strings.Cut(path.Base(image), ":")
	return name
}

// imageName is the last part of an image's name: "ghcr.io/acme/orders:v1" is
// of orders.
func imageName(image string) string {
	return plainName(repository(image))
}

// plainName is a name without what people add to names of services.
func plainName(name string) string {
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
	for _, suffix := range []string{"server", "service", "svc"} {
		if short := strings.TrimSuffix(name, suffix); short != "" {
			name = short
		}
	}
	return name
}

// names returns what the program may be called, by the folders that it lies
// in: cmd/orders is orders, and so is services/orders/cmd/server.
func (p *Program) names() []string {
	inModule := strings.Trim(strings.TrimPrefix(slash(p.Dir), slash(p.Module)), "/")
	parts := strings.Split(inModule, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		switch parts[i] {
		case "", "cmd", "cmds", "main", "server", "src", "app", "apps", "services", "service", "internal", "bin":
			continue
		}
		return []string{plainName(parts[i])}
	}
	name := path.Base(slash(p.Module))
	if name == "src" || name == "app" || name == "go" {
		name = path.Base(path.Dir(slash(p.Module)))
	}
	return []string{plainName(name), plainName(path.Base(p.Package))}
}

// isBelow reports whether a folder is another or lies in it.
func isBelow(dir, of string) bool {
	return of != "" && (dir == of || strings.HasPrefix(dir, strings.TrimSuffix(of, "/")+"/"))
}

func slash(file string) string { return strings.ReplaceAll(file, `\`, "/") }
