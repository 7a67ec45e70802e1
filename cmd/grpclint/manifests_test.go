package main

import (
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// manifests is a folder without any Go.
const manifests = `
-- go.mod --
none
-- deploy/ingress.yaml --
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: orders
  annotations:
    nginx.ingress.kubernetes.io/backend-protocol: GRPC
spec: {rules: []}
-- deploy/nginx.conf --
server {
    listen 50051;
    location / { grpc_pass grpc://orders:50051; }
}
-- deploy/silenced.conf --
server {
    # grpclint:ignore deploy/nginx-http2 a proxy in front speaks HTTP/2
    listen 50051;
    location / { grpc_pass grpc://orders:50051; }
}
-- deploy/silenced.yaml --
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: payments
  annotations:
    nginx.ingress.kubernetes.io/backend-protocol: GRPC # grpclint:ignore deploy the load balancer ends TLS
spec: {rules: []}
-- deploy/wrong.yaml --
apiVersion: v1
kind: Service
metadata: {name: a} # grpclint:ignore deploy/ingress-tls
spec:
  # grpclint:ignore deploy/ingres-tls there is none
  ports: []
-- deploy/chart/templates/broken.yaml --
apiVersion: v1
kind: Service
{{- if }}
 x: [
-- deploy/encrypted.yaml --
apiVersion: v1
kind: Secret
data: {a: "ENC[x]"}
sops: {}
-- deploy/text.yaml --
apiVersion is a word, and so is kind
`

func TestManifests(t *testing.T) {
	dir := moduletest.Write(t, manifests)
	got := runIn(t, dir, "-severity=info")
	for _, want := range []string{
		"deploy/ingress.yaml:6:51: warning: ", "deploy/nginx.conf:2:5: error: ", "2 suppressed", "[deploy/ingress-tls]",
		"deploy/wrong.yaml:3:21: error: nobody can tell whether this still holds: # grpclint:ignore gives no reason [suppress/no-reason]",
		`deploy/wrong.yaml:5:21: error: silences nothing: there is no rule "deploy/ingres-tls" (nearest: deploy/ingress-tls) [suppress/unknown]`,
		"deploy/wrong.yaml:3:39: warning: silences nothing, and would hide the next mistake: deploy/ingress-tls finds nothing here [suppress/unused]",
	} {
		if !strings.Contains(got.stdout+got.stderr, want) {
			t.Errorf("no %q in\n%s%s", want, got.stdout, got.stderr)
		}
	}
	if got.status != 1 || strings.Contains(got.stdout+got.stderr, "silenced") || strings.Contains(got.stderr, "broken") {
		t.Errorf("status %d, %s%s", got.status, got.stdout, got.stderr)
	}
}

// A file that is named is the one that is looked at, whatever its kind; what
// is broken in it has a line.
func TestNamedManifests(t *testing.T) {
	dir := moduletest.Write(t, manifests+`
-- deploy/unclosed.conf --
server {
    location / { grpc_pass x;
-- deploy/tabs.yaml --
apiVersion: v1
kind: Service
spec:
	ports: []
-- Dockerfile --
FROM debian
CMD server
`)
	for _, test := range []struct {
		file, want string
		status     int
	}{
		{"deploy/nginx.conf", "deploy/nginx.conf:2:5: error", 1},
		{"deploy/ingress.yaml", "[deploy/ingress-tls]", 1},
		{"deploy/unclosed.conf", "deploy/unclosed.conf:2: is no configuration of nginx", 2},
		{"deploy/tabs.yaml", "deploy/tabs.yaml:4: is no YAML", 2},
		{"deploy/chart/templates/broken.yaml", "deploy/chart/templates/broken.yaml:", 2},
		{"Dockerfile", "0 findings; 1 manifest", 0},
		{"deploy/text.yaml", "deploy/text.yaml: holds no service config, and no manifest", 0},
	} {
		got := runIn(t, dir, test.file)
		if got.status != test.status || !strings.Contains(got.stdout+got.stderr, test.want) {
			t.Errorf("%s: status %d, %s%s", test.file, got.status, got.stdout, got.stderr)
		}
	}
}
