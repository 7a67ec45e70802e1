package lint

import (
	"testing"

	"github.com/grpclint/grpclint/rule"
)

// A Dockerfile may say that the terminal's signal is the one that comes.
func TestStopSignal(t *testing.T) {
	const program = `package main

import (
	"net"
	"os"
	"os/signal"

	"google.golang.org/grpc"
)

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	server := grpc.NewServer()
	go func() {
		<-signals
		server.GracefulStop()
	}()
	lis, err := net.Listen("tcp", ":50051")
	if err == nil {
		_ = server.Serve(lis)
	}
}
`
	for dockerfile, want := range map[string]int{"FROM debian\nCMD [\"/server\"]\n": 1, "FROM debian\nSTOPSIGNAL SIGINT\nCMD [\"/server\"]\n": 0} {
		report := checkFiles(t, map[string]string{"go.mod": realModule(t), "cmd/server/main.go": program, "Dockerfile": dockerfile}, everything{})
		got := 0
		for _, f := range report.Findings {
			if f.Rule == rule.MustLookup("server/no-sigterm") {
				got++
			}
		}
		if got != want {
			t.Errorf("%q: %d findings, want %d", dockerfile, got, want)
		}
	}
}
