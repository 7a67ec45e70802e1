package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What stands between client and server is part of what a method has time for.
func TestBudget(t *testing.T) {
	dir := protoProject(t)
	const route = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  http:
  - match: [{uri: {prefix: /shop.v1.Order/}}]
    route: [{destination: {host: shop}}]
    timeout: 1s
    retries: {attempts: 2, perTryTimeout: 300ms, retryOn: connect-failure}
`
	if err := os.WriteFile(filepath.Join(dir, "deploy", "route.yaml"), []byte(route), 0o666); err != nil {
		t.Fatal(err)
	}
	status, text, stderr := run(t, Explain, "-C", dir, "-method", "shop.v1.Order/Get")
	for _, want := range []string{
		"  budget    1.5s     the service config, deploy/shop_service_config.json:2, 3 tries\n",
		"            1s       VirtualService shop, deploy/route.yaml:6, 3 tries of 300ms\n",
		"  first     VirtualService shop gives up, after 1s, with UNAVAILABLE\n",
		"  sent      up to 9 times\n",
	} {
		if status != exitOK || !strings.Contains(text, want) {
			t.Errorf("status %d %s, no %q in\n%s", status, stderr, want, text)
		}
	}
	if _, text, _ = run(t, Coverage, "-C", dir); !strings.Contains(text, "PROXIES") || !strings.Contains(text, "VirtualService shop 1s, 3 tries of 300ms") {
		t.Error(text)
	}
	if _, text, _ = run(t, Coverage, "-C", dir, "-format=json"); !strings.Contains(text, `"who": "VirtualService shop"`) {
		t.Error(text)
	}
}
