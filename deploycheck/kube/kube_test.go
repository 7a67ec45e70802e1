package kube

import (
	"testing"

	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

func objectsOf(t *testing.T, content string) []*Object {
	t.Helper()
	file := &source.File{Path: "a.yaml", Content: []byte(content)}
	docs, err := yamldoc.Read(source.Whole(file))
	if err != nil {
		t.Fatal(err)
	}
	return Objects(file, docs)
}

func TestObjects(t *testing.T) {
	list := objectsOf(t, `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: a, namespace: x}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}
---
kind: NoVersion
---
[a, b]
`)
	if len(list) != 2 || list[0].Name != "a" || !list[0].Namespaced || list[1].Group() != "apps" || list[1].Namespaced {
		t.Fatalf("%+v", list)
	}
}

func TestHeadless(t *testing.T) {
	for spec, want := range map[string][2]bool{
		"{clusterIP: None}":       {true, true},
		"{clusterIP: 'None'}":     {true, true},
		"{clusterIP: null}":       {false, true},
		"{clusterIP: ~}":          {false, true},
		"{}":                      {false, true},
		"{clusterIP: 10.0.0.1}":   {false, true},
		"{clusterIP: '{{ .x }}'}": {false, false},
	} {
		s := AsService(objectsOf(t, "apiVersion: v1\nkind: Service\nspec: "+spec+"\n")[0])
		if headless, known := s.Headless(); headless != want[0] || known != want[1] {
			t.Errorf("%s: %v, %v", spec, headless, known)
		}
	}
}

func TestSelects(t *testing.T) {
	workload := func(meta, labels string) *Workload {
		return AsWorkload(objectsOf(t, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: w"+meta+"}\nspec: {template: {metadata: {labels: "+labels+"}, spec: {containers: []}}}\n")[0])
	}
	service := func(meta, selector string) *Service {
		return AsService(objectsOf(t, "apiVersion: v1\nkind: Service\nmetadata: {name: s"+meta+"}\nspec: {selector: "+selector+"}\n")[0])
	}
	for name, test := range map[string]struct {
		s    *Service
		w    *Workload
		want bool
	}{
		"the same":            {service("", "{app: a}"), workload("", "{app: a, tier: b}"), true},
		"another":             {service("", "{app: a}"), workload("", "{app: b}"), false},
		"more than there is":  {service("", "{app: a, tier: b}"), workload("", "{app: a}"), false},
		"no selector":         {service("", "{}"), workload("", "{app: a}"), false},
		"of a template":       {service("", "{app: '{{ .x }}'}"), workload("", "{app: a}"), false},
		"another namespace":   {service(", namespace: x", "{app: a}"), workload(", namespace: y", "{app: a}"), false},
		"one leaves it open":  {service(", namespace: x", "{app: a}"), workload("", "{app: a}"), true},
		"the same namespace":  {service(", namespace: x", "{app: a}"), workload(", namespace: x", "{app: a}"), true},
		"a template of a pod": {service("", "{app: a}"), workload("", "{app: '{{ .x }}'}"), false},
	} {
		if got := test.s.Selects(test.w); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSays(t *testing.T) {
	for port, want := range map[ServicePort][2]bool{
		{Name: "grpc"}:                              {true, false},
		{Name: "grpc-orders"}:                       {true, false},
		{Name: "orders-grpc"}:                       {true, false},
		{Name: "grpcx"}:                             {false, false},
		{Name: "grpc-web"}:                          {false, true},
		{Name: "grpc-gateway"}:                      {false, true},
		{Name: "http"}:                              {false, true},
		{Name: "http-api"}:                          {false, true},
		{Name: "api", AppProtocol: "grpc"}:          {true, false},
		{Name: "grpc", AppProtocol: "http"}:         {false, true},
		{Name: "a", AppProtocol: "kubernetes.io/x"}: {false, false},
		{}: {false, false},
	} {
		if got := [2]bool{port.SaysGRPC(), port.SaysHTTP()}; got != want {
			t.Errorf("%+v: %v", port, got)
		}
	}
}

func TestGrace(t *testing.T) {
	for spec, want := range map[string]int{"{}": 30, "{terminationGracePeriodSeconds: 5}": 5, "{terminationGracePeriodSeconds: x}": -1, "{terminationGracePeriodSeconds: '{{ .x }}'}": -1} {
		w := AsWorkload(objectsOf(t, "apiVersion: v1\nkind: Pod\nspec: "+spec+"\n")[0])
		if seconds, _, known := w.Grace(); known != (want >= 0) || known && seconds != want {
			t.Errorf("%s: %d, %v", spec, seconds, known)
		}
	}
}
