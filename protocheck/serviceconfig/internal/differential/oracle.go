// Package differential holds the checker against grpc-go itself: the version
// that the importing module is built with.
package differential

import (
	"go/token"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// An Oracle makes a connection: grpc.NewClient, or grpc.Dial where that is
// not there yet.
type Oracle func(target string, opts ...grpc.DialOption) (*grpc.ClientConn, error)

// Refuses reports whether grpc-go refuses a config, and how it says so.
func (dial Oracle) Refuses(t testing.TB, config string) (string, bool) {
	t.Helper()
	conn, err := dial("passthrough:///x",
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(config))
	if err == nil {
		conn.Close()
		return "", false
	}
	if !strings.HasPrefix(err.Error(), "grpc: the provided default service config is invalid") {
		t.Fatalf("another error: %v", err)
	}
	return err.Error(), true
}

// Rejected returns the findings of the checker that mean refusal.
func Rejected(t testing.TB, config string, opts serviceconfig.Options) []finding.Finding {
	t.Helper()
	file := token.NewFileSet().AddFile("config.json", -1, len(config))
	findings, err := serviceconfig.Check(file, []byte(config), opts)
	if _, syntax := err.(*serviceconfig.SyntaxError); err != nil && !syntax {
		t.Fatal(err)
	}
	rejected := findings[:0]
	for _, f := range findings {
		if f.Effect == finding.Rejected {
			rejected = append(rejected, f)
		}
	}
	return rejected
}

// Compare reports a config upon which the two differ, and returns whether
// grpc-go refuses it.
func (dial Oracle) Compare(t testing.TB, config string, opts serviceconfig.Options) bool {
	t.Helper()
	message, refused := dial.Refuses(t, config)
	rejected := Rejected(t, config, opts)
	if refused == (len(rejected) > 0) {
		return refused
	}
	if refused {
		t.Errorf("grpc-go refuses, the checker accepts:\n%s\n%s", config, message)
		return refused
	}
	t.Errorf("grpc-go accepts, the checker refuses:\n%s\n%s: %s", config, rejected[0].Rule.ID, rejected[0].Message)
	return refused
}
