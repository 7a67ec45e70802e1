package deploycheck

import (
	"bytes"
	"path"
	"path/filepath"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/dockerfile"
	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/nginxconf"
	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// A Set is what some files hold.
type Set struct {
	Workloads []*kube.Workload
	Services  []*kube.Service
	Others    []*kube.Object // Ingresses and routes
	Nginx     []*nginxFile
	Envoy     []*envoyDoc
	Alerts    []*alert
	Images    []*image
	Compose   []*composeService

	// Files are those that hold any of it.
	Files []*source.File

	byName map[string][]*kube.Service
	meshed bool // there are objects of a mesh
}

// An nginxFile is a configuration of nginx, or a part of one.
type nginxFile struct {
	text *source.Text
	top  []*nginxconf.Directive
}

// An envoyDoc is a configuration of Envoy's.
type envoyDoc struct {
	file *source.File
	root *yamldoc.Node
}

// An image is what a Dockerfile makes.
type image struct {
	file   *source.File
	stages []*dockerfile.Stage
}

// A ReadError says where a file cannot be read.
type ReadError struct {
	File    *source.File
	Line    int // 1-based, or 0
	Message string
	// Template: the file is a template that is read in part, at most.
	Template bool
}

// IsDockerfile reports whether a path is that of a Dockerfile.
func IsDockerfile(file string) bool {
	name := filepath.Base(file)
	return name == "Dockerfile" || name == "Containerfile" || strings.HasPrefix(name, "Dockerfile.") || strings.HasSuffix(name, ".Dockerfile") || strings.HasSuffix(name, ".dockerfile")
}

// IsNginx reports whether a path may be that of a configuration of nginx.
func IsNginx(file string) bool {
	name := filepath.Base(file)
	for _, suffix := range []string{".template", ".tmpl", ".tpl", ".j2"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return path.Ext(name) == ".conf" || path.Ext(name) == ".nginx"
}

// IsData reports whether a path may be that of a manifest.
func IsData(file string) bool {
	switch filepath.Ext(file) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// MayHold spares most files the reading: it looks for words that what is judged
// here has.
func MayHold(file string, content []byte) bool {
	has := func(words ...string) bool {
		for _, word := range words {
			if !bytes.Contains(content, []byte(word)) {
				return false
			}
		}
		return true
	}
	switch {
	case bytes.IndexByte(content[:min(len(content), 512)], 0) >= 0:
		return false // no text
	case IsDockerfile(file):
		return has("FROM") || has("from")
	case IsNginx(file):
		return has("grpc_pass") || has("proxy_pass") || has("http2") && has("listen")
	case !IsData(file) || has("openAPIV3Schema") || has("sops:", "ENC["):
		return false
	case filepath.Ext(file) == ".json":
		return has("static_resources") || has("virtual_hosts") || has(`"apiVersion"`, `"kind"`)
	}
	if isCompose(file) {
		return has("services:")
	}
	return has("apiVersion", "kind") || has("static_resources") || has("virtual_hosts") || has("groups:", "rules:", "grpc")
}

// A Reader makes a set of files.
type Reader struct {
	set    *Set
	Errors []ReadError
}

// NewReader returns a reader of an empty set.
func NewReader() *Reader {
	return &Reader{set: &Set{byName: make(map[string][]*kube.Service)}}
}

// Set returns what was read.
func (r *Reader) Set() *Set { return r.set }

// Add reads a file. It reports whether the file holds anything that is judged.
func (r *Reader) Add(file *source.File) bool {
	before := r.set.size()
	switch text := source.Whole(file); {
	case IsDockerfile(file.Path):
		if stages := dockerfile.Parse(text); len(stages) > 0 {
			r.set.Images = append(r.set.Images, &image{file, stages})
		}
	case IsNginx(file.Path):
		r.nginx(text)
	default:
		r.yaml(text)
	}
	if isCompose(file.Path) {
		return false // it is of use, and nobody judges it
	}
	held := r.set.size() > before
	if held {
		r.set.Files = append(r.set.Files, file)
	}
	return held
}

func (s *Set) size() int {
	return len(s.Workloads) + len(s.Services) + len(s.Others) + len(s.Nginx) + len(s.Envoy) + len(s.Alerts) + len(s.Images)
}

func (r *Reader) nginx(text *source.Text) {
	top, err := nginxconf.Parse(text)
	if err != nil {
		e := ReadError{File: text.File, Message: "is no configuration of nginx: " + err.Error()}
		if broken, ok := err.(*nginxconf.Error); ok {
			e.Line = broken.Line
		}
		r.Errors = append(r.Errors, e)
		return // what stands before the mistake may be another block than it looks like
	}
	if len(top) > 0 {
		r.set.Nginx = append(r.set.Nginx, &nginxFile{text, top})
	}
}

func (r *Reader) yaml(text *source.Text) {
	docs, err := yamldoc.Read(text)
	if err != nil {
		e := ReadError{File: text.File, Message: "is no YAML: " + err.Error(), Template: text.Template}
		if text.Template {
			e.Message = "is a template that is no YAML without its actions: " + err.Error()
		}
		if broken, ok := err.(*yamldoc.Error); ok {
			e.Line = broken.Line
		}
		r.Errors = append(r.Errors, e)
	}
	for _, doc := range docs {
		switch {
		case doc.Has("kind") && doc.Has("apiVersion"):
			for _, o := range kube.Objects(text.File, []*yamldoc.Node{doc}) {
				r.object(o)
			}
		case isEnvoy(doc):
			r.set.Envoy = append(r.set.Envoy, &envoyDoc{text.File, doc})
		case isCompose(text.File.Path):
			r.set.Compose = append(r.set.Compose, composeServices(text.File, doc)...)
		case doc.Has("groups"):
			r.set.Alerts = append(r.set.Alerts, alertsOf(text.File, doc)...)
		}
	}
}

func (r *Reader) object(o *kube.Object) {
	s := r.set
	if w := kube.AsWorkload(o); w != nil {
		s.Workloads = append(s.Workloads, w)
		return
	}
	if service := kube.AsService(o); service != nil {
		s.Services = append(s.Services, service)
		s.byName[service.Name] = append(s.byName[service.Name], service)
		return
	}
	switch o.Group() {
	case "networking.istio.io", "security.istio.io", "policy.linkerd.io":
		s.meshed = true
	}
	switch o.Kind {
	case "ConfigMap":
		s.Others = append(s.Others, o)
		for _, f := range o.Root.Get("data").Fields() {
			r.embedded(f.Name, f.Value)
		}
	case "PrometheusRule":
		s.Alerts = append(s.Alerts, alertsOf(o.File, o.Root.Get("spec"))...)
	case "Ingress", "VirtualService", "DestinationRule", "HTTPRoute", "GRPCRoute", "HorizontalPodAutoscaler":
		s.Others = append(s.Others, o)
	}
}

// embedded reads what a ConfigMap holds under a name.
func (r *Reader) embedded(name string, value *yamldoc.Node) {
	text := value.Text()
	if text == nil || len(text.Content) < 16 {
		return
	}
	switch {
	case (IsNginx(name) || strings.Contains(name, "nginx")) && bytes.Contains(text.Content, []byte("_pass")):
		before := len(r.Errors)
		r.nginx(text)
		r.Errors = r.Errors[:before] // a piece of one, perhaps
	case IsData(name) && MayHold(name, text.Content):
		before := len(r.Errors)
		r.yaml(text)
		r.Errors = r.Errors[:before]
	}
}

// kinds returns the other objects of a kind.
func (s *Set) kinds(kind string) []*kube.Object {
	var list []*kube.Object
	for _, o := range s.Others {
		if o.Kind == kind {
			list = append(list, o)
		}
	}
	return list
}

// HasRoutes reports whether anything may set timeouts or retries for RPCs.
func (s *Set) HasRoutes() bool {
	return len(s.Envoy) > 0 || len(s.kinds("VirtualService")) > 0 || len(s.kinds("HTTPRoute")) > 0
}
