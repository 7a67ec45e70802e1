// Package kube reads the Kubernetes objects that gRPC runs through: workloads,
// Services, Ingresses and the routes of meshes.
//
//	Service --selector--> Workload --template--> Container --ports, env, probes
//
// Objects are views of YAML nodes. A field that a template decides is not
// known, and what is not known equals nothing.
package kube

import (
	"slices"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// An Object is what every manifest has.
type Object struct {
	File            *source.File
	Root            *yamldoc.Node
	APIVersion      string
	Kind            string
	Name, Namespace string // "" if it is not known
	// Namespaced is false where the manifest leaves the namespace to others.
	Namespaced bool
}

// Group returns the API group, "" for the core.
func (o *Object) Group() string {
	group, _, ok := strings.Cut(o.APIVersion, "/")
	if !ok {
		return ""
	}
	return group
}

// Annotation returns an annotation's value.
func (o *Object) Annotation(name string) *yamldoc.Node {
	return o.Root.Get("metadata", "annotations", name)
}

// LacksAnnotation reports whether there is no such annotation, for certain.
func (o *Object) LacksAnnotation(name string) bool {
	if o.Root.Lacks("metadata") {
		return true
	}
	metadata := o.Root.Get("metadata")
	return metadata.Lacks("annotations") || metadata.Get("annotations").Lacks(name)
}

// NameNode is where the object's name is, or else its beginning.
func (o *Object) NameNode() *yamldoc.Node {
	if n := o.Root.Get("metadata", "name"); n != nil {
		return n
	}
	return o.Root
}

// Objects returns the objects of documents, those in Lists among them.
func Objects(file *source.File, docs []*yamldoc.Node) []*Object {
	var list []*Object
	for _, doc := range docs {
		list = append(list, objects(file, doc, 4)...)
	}
	return list
}

func objects(file *source.File, root *yamldoc.Node, depth int) []*Object {
	kind, version := root.Get("kind").String(), root.Get("apiVersion").String()
	if kind == "" || version == "" || depth == 0 {
		return nil
	}
	if strings.HasSuffix(kind, "List") && root.Get("items").IsList() {
		var list []*Object
		for _, item := range root.Get("items").Items() {
			list = append(list, objects(file, item, depth-1)...)
		}
		return list
	}
	o := &Object{File: file, Root: root, Kind: kind, APIVersion: version}
	o.Name = root.Get("metadata", "name").String()
	o.Namespace = root.Get("metadata", "namespace").String()
	o.Namespaced = root.Has("metadata", "namespace")
	return []*Object{o}
}

// A Workload is what runs pods.
type Workload struct {
	*Object
	Template   *yamldoc.Node // of the pod: metadata and spec
	Containers []*Container
	// Init are containers that run before the others or, as side-cars, beside them.
	Init []*Container
}

// A Container is one of a pod.
type Container struct {
	Of          *Workload
	Node        *yamldoc.Node
	Name, Image string
	Ports       []ContainerPort
	Env         []Env
}

// A ContainerPort is a port that a container declares.
type ContainerPort struct {
	Name   string
	Number int // 0 if it is not known
	Node   *yamldoc.Node
}

// Env is an environment variable.
type Env struct {
	Name  string
	Value *yamldoc.Node // nil if it comes from somewhere
}

// AsWorkload returns the workload that an object is, or nil.
func AsWorkload(o *Object) *Workload {
	w := &Workload{Object: o}
	switch o.Kind {
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout":
		w.Template = o.Root.Get("spec", "template")
	case "CronJob":
		w.Template = o.Root.Get("spec", "jobTemplate", "spec", "template")
	case "Pod":
		w.Template = o.Root
	}
	if !w.Template.IsMap() {
		return nil
	}
	w.Containers = w.containers("containers")
	w.Init = w.containers("initContainers")
	return w
}

func (w *Workload) containers(list string) []*Container {
	var found []*Container
	for _, node := range w.Template.Get("spec", list).Items() {
		c := &Container{Of: w, Node: node, Name: node.Get("name").String(), Image: node.Get("image").String()}
		for _, p := range node.Get("ports").Items() {
			number, _ := p.Get("containerPort").Int()
			c.Ports = append(c.Ports, ContainerPort{p.Get("name").String(), number, p})
		}
		for _, e := range node.Get("env").Items() {
			if name := e.Get("name").String(); name != "" {
				c.Env = append(c.Env, Env{name, e.Get("value")})
			}
		}
		found = append(found, c)
	}
	return found
}

// Label returns a label of the workload's pods.
func (w *Workload) Label(name string) (value string, ok bool) {
	return w.Template.Get("metadata", "labels", name).Value()
}

// Grace returns how many seconds pods have between SIGTERM and SIGKILL. The node
// is nil where it is the default.
func (w *Workload) Grace() (seconds int, node *yamldoc.Node, known bool) {
	const byDefault = 30 // k8s.io/api core/v1 PodSpec
	spec := w.Template.Get("spec")
	if spec.Lacks("terminationGracePeriodSeconds") {
		return byDefault, nil, spec.IsMap()
	}
	node = spec.Get("terminationGracePeriodSeconds")
	seconds, known = node.Int()
	return seconds, node, known
}

// Command returns the words that a container starts with, and where; nil where
// the image decides.
func (c *Container) Command() (words []string, at *yamldoc.Node) {
	at = c.Node.Get("command")
	for _, item := range at.Items() {
		value, ok := item.Value()
		if !ok {
			return nil, nil
		}
		words = append(words, value)
	}
	if at == nil {
		return nil, nil
	}
	for _, item := range c.Node.Get("args").Items() {
		words = append(words, item.String())
	}
	return words, at
}

// Probes returns the probes of a container.
func (c *Container) Probes() []*yamldoc.Node {
	var found []*yamldoc.Node
	for _, name := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
		if p := c.Node.Get(name); p.IsMap() {
			found = append(found, p)
		}
	}
	return found
}

// A Service is one of Kubernetes, not one of gRPC.
type Service struct {
	*Object
	Ports    []ServicePort
	Selector map[string]string
}

// A ServicePort is a port of a Service.
type ServicePort struct {
	Name        string
	Port        int // 0 if it is not known
	Target      int // the number, 0 for a name
	TargetName  string
	AppProtocol string
	Node        *yamldoc.Node
}

// AsService returns the Service that an object is, or nil.
func AsService(o *Object) *Service {
	if o.Kind != "Service" || o.APIVersion != "v1" {
		return nil
	}
	s := &Service{Object: o, Selector: make(map[string]string)}
	for _, f := range o.Root.Get("spec", "selector").Fields() {
		value, ok := f.Value.Value()
		if !ok {
			s.Selector = nil // nobody knows whom it selects
			break
		}
		s.Selector[f.Name] = value
	}
	for _, p := range o.Root.Get("spec", "ports").Items() {
		port := ServicePort{Name: p.Get("name").String(), AppProtocol: p.Get("appProtocol").String(), Node: p}
		port.Port, _ = p.Get("port").Int()
		switch target := p.Get("targetPort"); {
		case p.Lacks("targetPort"):
			port.Target = port.Port
		default:
			if number, ok := target.Int(); ok {
				port.Target = number
			} else {
				port.TargetName = target.String()
			}
		}
		s.Ports = append(s.Ports, port)
	}
	return s
}

// Complete reports whether all ports of the Service are known.
func (s *Service) Complete() bool {
	ports := s.Root.Get("spec", "ports")
	if ports.Open() || !ports.IsList() {
		return false
	}
	return !slices.ContainsFunc(s.Ports, func(p ServicePort) bool { return p.Port == 0 })
}

// Headless reports whether the Service has no address of its own, and whether
// that is known.
func (s *Service) Headless() (headless, known bool) {
	spec := s.Root.Get("spec")
	if spec.Lacks("clusterIP") {
		return false, true
	}
	value, ok := spec.Get("clusterIP").Value()
	return value == "None", ok
}

// Selects reports whether the Service leads to the pods of a workload.
func (s *Service) Selects(w *Workload) bool {
	if len(s.Selector) == 0 || s.Namespace != w.Namespace && s.Namespaced && w.Namespaced {
		return false
	}
	for name, want := range s.Selector {
		if got, ok := w.Label(name); !ok || got != want {
			return false
		}
	}
	return true
}

// SaysGRPC reports whether a port's name or protocol declares gRPC, as Istio
// and the Gateway API read them.
func (p *ServicePort) SaysGRPC() bool {
	switch p.AppProtocol {
	case "grpc", "grpcs", "kubernetes.io/grpc":
		return true
	case "":
		return IsGRPCName(p.Name) && !p.SaysHTTP()
	}
	return false
}

// SaysHTTP reports whether a port is declared to be for HTTP.
func (p *ServicePort) SaysHTTP() bool {
	switch p.AppProtocol {
	case "http", "https", "http2", "kubernetes.io/ws", "kubernetes.io/wss", "grpc-web":
		return true
	}
	name := strings.ToLower(p.Name)
	return name == "http" || name == "https" || name == "web" || strings.HasPrefix(name, "http-") || strings.HasPrefix(name, "https-") || strings.HasPrefix(name, "http1-") ||
		strings.Contains(name, "grpc-web") || strings.Contains(name, "grpcweb") || strings.Contains(name, "gateway")
}

// IsGRPCName reports whether a port's name says gRPC.
func IsGRPCName(name string) bool {
	name = strings.ToLower(name)
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		if part == "grpc" || part == "grpcs" {
			return true
		}
	}
	return false
}
