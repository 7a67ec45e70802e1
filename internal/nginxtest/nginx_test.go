// Package nginxtest tries what the rules for nginx's configuration take for
// granted, with nginx itself in front of grpc-go.
package nginxtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/status"
)

// server echoes, counts connections, and says nothing for as long as its
// client waits.
type server struct {
	grpc_testing.UnimplementedTestServiceServer
	address     string
	connections atomic.Int32
}

func (s *server) UnaryCall(context.Context, *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	return new(grpc_testing.SimpleResponse), nil
}

func (s *server) StreamingOutputCall(in *grpc_testing.StreamingOutputCallRequest, stream grpc_testing.TestService_StreamingOutputCallServer) error {
	for range in.GetResponseParameters() {
		if err := stream.Send(new(grpc_testing.StreamingOutputCallResponse)); err != nil {
			return err
		}
	}
	<-stream.Context().Done()
	return stream.Context().Err()
}

func (s *server) StreamingInputCall(stream grpc_testing.TestService_StreamingInputCallServer) error {
	for {
		if _, err := stream.Recv(); err == io.EOF {
			return stream.SendAndClose(new(grpc_testing.StreamingInputCallResponse))
		} else if err != nil {
			return err
		}
	}
}

// A counter counts the connections that a listener accepts.
type counter struct {
	net.Listener
	accepted *atomic.Int32
}

func (c counter) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.accepted.Add(1)
	}
	return conn, err
}

func start(t *testing.T) *server {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{address: lis.Addr().String()}
	g := grpc.NewServer()
	grpc_testing.RegisterTestServiceServer(g, s)
	go func() { _ = g.Serve(counter{lis, &s.connections}) }()
	t.Cleanup(g.Stop)
	return s
}

// proxy runs nginx with a block http, in which LISTEN and SERVER stand for
// addresses, and returns a client of it.
func proxy(t *testing.T, s *server, http string) grpc_testing.TestServiceClient {
	t.Helper()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		if nginx = "/usr/sbin/nginx"; os.Getenv("CI") == "" {
			if _, err := os.Stat(nginx); err != nil {
				t.Skip("nginx is not installed (Debian: nginx-light)")
			}
		}
	}
	dir := t.TempDir()
	socket := filepath.Join(dir, "listen")
	if len(socket) > 100 {
		t.Skip("the temporary folder has too long a name for a socket")
	}
	text := fmt.Sprintf("daemon off;\nmaster_process off;\npid %[1]s/pid;\nerror_log %[1]s/error.log;\nevents {}\nhttp {\naccess_log off;\n", dir)
	for _, name := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		text += fmt.Sprintf("%s_temp_path %s/%[1]s;\n", name, dir)
	}
	text += strings.NewReplacer("LISTEN", "unix:"+socket, "SERVER", s.address).Replace(http) + "\n}\n"
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(nginx, "-p", dir, "-c", config)
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(output.String())
		}
	})
	conn, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			for { // nginx needs a moment to listen
				c, err := new(net.Dialer).DialContext(ctx, "unix", socket)
				if err == nil || ctx.Err() != nil {
					return c, err
				}
			}
		}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return grpc_testing.NewTestServiceClient(conn)
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

const (
	unary = "unary"
	mute  = "a stream on which the server says nothing"
	quiet = "a stream on which the server says nothing any more"
	large = "a request of 2 MB"
	many  = "a stream of 30 messages of 100 KB"
)

// call makes an RPC of a kind and returns how it ended.
func call(t *testing.T, client grpc_testing.TestServiceClient, kind string) codes.Code {
	t.Helper()
	ctx := within(t)
	payload := func(size int) *grpc_testing.Payload { return &grpc_testing.Payload{Body: make([]byte, size)} }
	switch kind {
	case mute, quiet:
		in := new(grpc_testing.StreamingOutputCallRequest)
		if kind == quiet {
			in.ResponseParameters = make([]*grpc_testing.ResponseParameters, 1)
			in.ResponseParameters[0] = new(grpc_testing.ResponseParameters)
		}
		stream, err := client.StreamingOutputCall(ctx, in)
		for err == nil {
			_, err = stream.Recv()
		}
		return status.Code(err)
	case large:
		_, err := client.UnaryCall(ctx, &grpc_testing.SimpleRequest{Payload: payload(2 << 20)})
		return status.Code(err)
	case many:
		stream, err := client.StreamingInputCall(ctx)
		if err != nil {
			return status.Code(err)
		}
		for range 30 {
			if err := stream.Send(&grpc_testing.StreamingInputCallRequest{Payload: payload(100 << 10)}); err != nil {
				break // how it ended, the reply says
			}
		}
		_, err = stream.CloseAndRecv()
		return status.Code(err)
	}
	_, err := client.UnaryCall(ctx, new(grpc_testing.SimpleRequest))
	return status.Code(err)
}

// What nginx makes of an RPC, by the rule that says so.
func TestFacts(t *testing.T) {
	for _, test := range []struct {
		rule, http, kind string
		want             codes.Code
	}{
		{"deploy/nginx-http2", "server { listen LISTEN; location / { grpc_pass grpc://SERVER; } }", unary, codes.Unavailable},
		{"right", "server { listen LISTEN http2; location / { grpc_pass grpc://SERVER; } }", unary, codes.OK},
		{"deploy/ingress-limits", "server { listen LISTEN http2; grpc_read_timeout 100ms; location / { grpc_pass grpc://SERVER; } }", quiet, codes.Internal},
		{"deploy/ingress-limits", "server { listen LISTEN http2; grpc_read_timeout 100ms; location / { grpc_pass grpc://SERVER; } }", mute, codes.Unavailable},
		{"deploy/ingress-limits", "server { listen LISTEN http2; location / { grpc_pass grpc://SERVER; } }", large, codes.Unknown},
		{"deploy/ingress-limits", "server { listen LISTEN http2; location / { grpc_pass grpc://SERVER; } }", many, codes.Unknown},
		{"right", "server { listen LISTEN http2; client_max_body_size 0; location / { grpc_pass grpc://SERVER; } }", many, codes.OK},
	} {
		t.Run(test.rule+"/"+test.kind, func(t *testing.T) {
			if got := call(t, proxy(t, start(t), test.http), test.kind); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// With HTTP/1 behind it no RPC ever comes back: most end with INTERNAL, and some
// hang until their deadline.
func TestProxyPass(t *testing.T) {
	client := proxy(t, start(t), "server { listen LISTEN http2; location / { proxy_pass http://SERVER; } }")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := client.UnaryCall(ctx, new(grpc_testing.SimpleRequest), grpc.WaitForReady(true))
	if got := status.Code(err); got != codes.Internal && got != codes.DeadlineExceeded {
		t.Errorf("%s", got)
	}
}

// Without keepalive there is a connection for each RPC.
func TestKeepalive(t *testing.T) {
	const rpcs = 20
	for keepalive, want := range map[string]int32{"": rpcs, "keepalive 8;": 1} {
		s := start(t)
		client := proxy(t, s, "upstream u { server SERVER; "+keepalive+" } server { listen LISTEN http2; location / { grpc_pass grpc://u; } }")
		for range rpcs {
			if got := call(t, client, unary); got != codes.OK {
				t.Fatal(got)
			}
		}
		if got := s.connections.Load(); got != want {
			t.Errorf("%q: %d connections for %d RPCs, want %d", keepalive, got, rpcs, want)
		}
	}
}
