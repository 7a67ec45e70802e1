package lint

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// What a program tells those who run it, in the ways in which people write it.
func TestPrograms(t *testing.T) {
	const head = "package main\n\nimport (\n%s)\n\n"
	programs := map[string]struct{ imports, body, want string }{
		"variables": {"os grpc", `func main() { grpc.NewServer().Stop(); _, _, _ = os.Getenv("PORT"), env(&s.addr, "ORDERS_ADDR"), settings{} }
func env(*string, string) error { return nil }
var s struct{ addr string }
type settings struct { A string ` + "`env:\"PAYMENT_ADDR,required\"`" + ` }`, "env [ORDERS_ADDR PAYMENT_ADDR PORT]"},
		"port":    {"net grpc", `func main() { lis, _ := net.Listen("tcp", ":50051"); grpc.NewServer().Serve(lis) }`, "ports [50051] open"},
		"flag":    {"flag fmt net grpc", `var port = flag.Int("port", 7000, ""); func main() { lis, _ := net.Listen("tcp", fmt.Sprintf(":%d", *port)); grpc.NewServer().Serve(lis) }`, "ports [7000] open"},
		"host":    {"net grpc", `func main() { lis, _ := net.Listen("tcp", "0.0.0.0:"+"9090"); grpc.NewServer().Serve(lis) }`, "ports [9090] open"},
		"unknown": {"net os grpc", `func main() { lis, _ := net.Listen("tcp", os.Args[1]); grpc.NewServer().Serve(lis) }`, "open"},
		"after": {"time grpc", `func main() { s := grpc.NewServer(); done := make(chan bool); go func() { s.GracefulStop(); close(done) }()
select { case <-done: case <-time.After(20*time.Second): s.Stop() } }`, "graceful drain 20s"},
		"context": {"context time grpc", `func main() { s := grpc.NewServer(); ctx, cancel := context.WithTimeout(context.Background(), time.Minute); defer cancel(); done := make(chan bool); go func() { s.GracefulStop(); close(done) }()
select { case <-done: case <-ctx.Done(): s.Stop() } }`, "graceful drain 1m0s"},
		"timer": {"time grpc", `func main() { s := grpc.NewServer(); time.AfterFunc(5*time.Second, s.Stop); s.GracefulStop() }`, "graceful drain 5s"},
		"other": {"time grpc", `func main() { s := grpc.NewServer(); time.Sleep(time.Minute); s.GracefulStop() }`, "graceful"},
		"tls": {"credentials net grpc", `func main() { creds, _ := credentials.NewServerTLSFromFile("a", "b"); lis, _ := net.Listen("tcp", ":1"); grpc.NewServer(grpc.Creds(creds), grpc.MaxRecvMsgSize(16<<20)).Serve(lis) }`,
			"ports [1] open tls receives 16777216"},
		"balances": {"os grpc insecure", `const rr = ` + "`{\"loadBalancingConfig\": [{\"round_robin\": {}}]}`" + `
func main() { plain := grpc.WithTransportCredentials(insecure.NewCredentials()); grpc.NewClient("dns:///" + os.Getenv("ORDERS_ADDR"), plain, grpc.WithDefaultServiceConfig(rr)); grpc.NewClient("dns:///orders:1", plain) }`,
			"env [ORDERS_ADDR] balances [{ ORDERS_ADDR}]"},
		"mixed":  {"net/http os grpc", `func main() { s := grpc.NewServer(); _ = os.Getenv("A_B"); http.ListenAndServe(":1", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.ServeHTTP(w, r) })) }`, "env [A_B] mixed"},
		"signal": {"os/signal syscall grpc", `func main() { c := make(chan os.Signal, 1); signal.Notify(c, syscall.SIGTERM); <-c; grpc.NewServer().Stop() }`, "graceful"},
	}
	paths := map[string]string{"grpc": "google.golang.org/grpc", "credentials": "google.golang.org/grpc/credentials", "insecure": "google.golang.org/grpc/credentials/insecure"}
	files := map[string]string{"go.mod": realModule(t), "Dockerfile": "FROM debian\n"}
	for name, p := range programs {
		imports := ""
		for word := range strings.FieldsSeq(p.imports) {
			if full := paths[word]; full != "" {
				word = full
			}
			imports += fmt.Sprintf("\t%q\n", word)
		}
		if name == "signal" {
			imports += "\t\"os\"\n"
		}
		files["cmd/"+name+"/main.go"] = fmt.Sprintf(head, imports) + p.body + "\n"
	}
	run := start(optionsFor(t, files))
	run.collect()
	for _, e := range run.report.Errors {
		t.Errorf("%s:%d: %s %s", e.File, e.Line, e.Package, e.Message)
	}
	got := make(map[string]string)
	for _, p := range run.programs {
		var parts []string
		add := func(is bool, format string, args ...any) {
			if is {
				parts = append(parts, fmt.Sprintf(format, args...))
			}
		}
		add(len(p.Env) > 0, "env %v", p.Env)
		add(len(p.Ports) > 0, "ports %v", p.Ports)
		add(p.Mixed, "mixed")
		add(p.Open, "open")
		add(p.Graceful, "graceful")
		add(p.Drain > 0, "drain %s", p.Drain)
		add(p.TLS, "tls")
		add(p.MaxReceive > 0, "receives %d", p.MaxReceive)
		add(len(p.Balances) > 0, "balances %v", p.Balances)
		got[filepath.Base(p.Dir)] = strings.Join(parts, " ")
	}
	for name, p := range programs {
		if got[name] != p.want {
			t.Errorf("%s: %q, want %q", name, got[name], p.want)
		}
	}
}
