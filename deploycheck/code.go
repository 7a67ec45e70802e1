package deploycheck

import "time"

// Code is what Go code, protos and service configs tell.
type Code struct {
	Services []Service // that the project defines
	Programs []Program // that serve gRPC, or call it
}

// A Service is one of gRPC.
type Service struct {
	Name    string // "package.Service"
	Methods []Method
}

// A Method is one of a service.
type Method struct {
	Name                       string
	ClientStream, ServerStream bool
	// Harmful: a second call changes something again. Doubtful: that is not
	// certain.
	Harmful, Doubtful bool
	// Attempts is how often clients in Go, or a service config, send it at
	// most; 0 if that is not known.
	Attempts int
	// Deadline is the longest that a client in Go sets; 0 if none is known.
	Deadline time.Duration
}

// Streams reports whether one side sends a stream.
func (m *Method) Streams() bool { return m.ClientStream || m.ServerStream }

// A Program is a main package.
type Program struct {
	Package string // import path
	Dir     string // of the package, absolute
	Module  string // folder of the module, absolute

	Env []string // names of variables that it reads

	// Serves are the services ("package.Service") that it registers, and
	// Open is set if there may be others, or none of them is known.
	Serves []string
	Open   bool

	// Ports are those that it listens on for gRPC alone, as numbers of
	// constants and of defaults.
	Ports []int
	// Mixed: it serves HTTP as well where it serves gRPC, or may.
	Mixed bool

	// Health says whether the standard health service is registered, which
	// names a status is set for, and whether there may be others.
	Health      bool
	HealthNames []string
	HealthOpen  bool

	// Graceful: it stops gracefully, or waits for SIGTERM.
	Graceful bool
	// Drain is the longest that it gives RPCs to end; 0 if it is not known.
	Drain time.Duration

	// TLS: all of its servers have transport credentials of TLS.
	TLS bool
	// MaxReceive is the largest message that its servers take, in bytes; 0 if
	// it is not known.
	MaxReceive int64

	// Balances are the targets, or variables that hold them, that it dials
	// with round_robin.
	Balances []Target

	// Metrics says which names its metrics of gRPC have.
	Metrics Metrics
}

// servesGRPC reports whether the program runs a server, whatever that serves.
func (p *Program) servesGRPC() bool { return len(p.Serves) > 0 || p.Open }

// A Target is what a client dials.
type Target struct {
	Address string // as it is written; "" if it is not known
	Env     string // the variable that it comes from, or ""
}

// Metrics are what a program exports about gRPC.
type Metrics struct {
	Prometheus bool // grpc_server_handled_total and its like
	Histogram  bool // and the times that they take
	Telemetry  bool // those of OpenTelemetry
	Open       bool // or something that is not known
}
