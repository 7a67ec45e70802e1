package deploycheck

import (
	"fmt"
	"testing"

	"github.com/grpclint/grpclint/deploycheck/source"
)

func TestLayers(t *testing.T) {
	reader := NewReader()
	for name, text := range map[string]string{
		"vs.yaml": `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders}
spec:
  http:
  - match: [{uri: {prefix: /shop.v1.OrderService/}}]
    route: [{destination: {host: orders}}]
    timeout: 5s
    retries: {attempts: 2, perTryTimeout: 1s, retryOn: connect-failure}
`,
		"nginx.conf": "server { listen 1 http2; location /shop.v1.OrderService/ { grpc_pass grpc://a:1; } }",
		"ingress.yaml": `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: edge
  annotations:
    nginx.ingress.kubernetes.io/backend-protocol: GRPC
    nginx.ingress.kubernetes.io/proxy-read-timeout: "300"
spec:
  rules: [{http: {paths: [{path: /shop.v1.OrderService/}]}}]
`,
	} {
		reader.Add(&source.File{Path: name, Content: []byte(text)})
	}
	code := &Code{Services: []Service{{Name: "shop.v1.OrderService", Methods: []Method{{Name: "Get"}}}, {Name: "shop.v1.Other", Methods: []Method{{Name: "Get"}}}}}
	got := make(map[string]bool)
	for _, l := range Layers(reader.Set(), Options{Code: code}, "/shop.v1.OrderService/Get") {
		got[fmt.Sprintf("%s line %d: %s idle %t default %t, %d of %s, %s", l.Who, l.At.Line(), l.Timeout, l.Idle, l.Default, l.Attempts, l.PerTry, l.Code)] = true
	}
	for _, want := range []string{
		"VirtualService orders line 6: 5s idle false default false, 3 of 1s, UNAVAILABLE",
		"nginx, a:1 line 1: 1m0s idle true default true, 1 of 0s, INTERNAL",
		"Ingress edge line 7: 5m0s idle true default false, 1 of 0s, INTERNAL",
	} {
		if !got[want] {
			t.Errorf("no %s in %v", want, got)
		}
	}
	if len(got) != 3 || len(Layers(reader.Set(), Options{Code: code}, "shop.v1.Other/Get")) != 0 {
		t.Errorf("%v", got)
	}
}
