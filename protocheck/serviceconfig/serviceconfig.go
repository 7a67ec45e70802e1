// Package serviceconfig checks gRPC service configs: from bytes to findings
// with exact byte ranges.
//
// It judges a config as grpc-go does, which accepts it or refuses it as a
// whole and silently ignores what it does not know. Findings whose effect is
// [finding.Rejected] are there exactly when grpc-go refuses the config; the
// package's tests hold it against grpc-go itself.
//
// The package reads no files and knows nothing of Go code. Where a config
// stands in a Go string literal or in YAML, [CheckAt] lets the caller say
// where in a file each byte of it is.
package serviceconfig

import (
	"fmt"
	"go/token"

	"github.com/grpclint/grpclint/finding"
)

// Options say what is known about the program that a config is for. The
// zero value stands for the newest grpc-go with all of its balancers.
type Options struct {
	// GRPCGo is the version of grpc-go, such as "1.70.0". Empty means the
	// newest that this package knows, which is also how newer ones are
	// judged. Those before 1.60 are judged as 1.60.
	GRPCGo string

	// Dialect says who reads the config; Auto decides by the file's name.
	Dialect Dialect

	// Balancers are the names of the registered load balancing policies;
	// nil means those that grpc-go ships, be they imported or not. A
	// program that imports none has "pick_first" and "round_robin".
	Balancers []string

	// MaxCallAttempts is the argument of grpc.WithMaxCallAttempts; values
	// below 2 mean, as there, the default of 5.
	MaxCallAttempts int

	// Choices says that the text is not a config but a list of them with
	// conditions, as a DNS TXT record has it, with or without the
	// record's "grpc_config=" before.
	Choices bool

	// Methods is what is known of the methods that the config may be for.
	// Nil, nothing, is silence: what needs it is not reported.
	Methods *Methods

	// Beside are the services ("package.Service") of the .proto files in
	// the folder of the config, for which a GAPIC config is; empty is
	// silence.
	Beside []string

	// Health is what is known of the health services that clients with the
	// config ask; nothing is silence.
	Health []ServedHealth

	// OnlyGo is set for a config that nothing but grpc-go reads, because
	// it stands in Go code.
	OnlyGo bool

	// Cut is called, if it is not nil, when a config has more findings, or may
	// have, than the number that is returned.
	Cut func(returned int)

	// DisableRetry is set when grpc.WithDisableRetry is: no finding then
	// says what retry policies do.
	DisableRetry bool
}

// A Dialect says who reads a config.
type Dialect int

const (
	// Auto is GAPIC for files named *_grpc_service_config.json, else
	// Runtime.
	Auto Dialect = iota
	// Runtime configs are read by gRPC libraries.
	Runtime
	// GAPIC configs are read by Google's generators of client libraries,
	// as protobuf JSON: what they read differently is no error.
	GAPIC
)

var dialectNames = [...]string{Auto: "auto", Runtime: "runtime", GAPIC: "gapic"}

func (d Dialect) String() string {
	if d < Auto || d > GAPIC {
		return fmt.Sprintf("Dialect(%d)", int(d))
	}
	return dialectNames[d]
}

// ParseDialect is the inverse of [Dialect.String].
func ParseDialect(text string) (Dialect, error) {
	for d, name := range dialectNames {
		if name == text {
			return Dialect(d), nil
		}
	}
	return 0, fmt.Errorf("unknown dialect %q (known: auto, runtime, gapic)", text)
}

// Check judges the config src, which is the content of file: a finding's
// positions are those of file. The findings are sorted by position.
//
// When src is no JSON document, the one finding says so, and the error is a
// [*SyntaxError] with the same text. Other errors are the caller's: options
// that make no sense, a file of another size than src.
func Check(file *token.File, src []byte, opts Options) ([]finding.Finding, error) {
	if file.Size() != len(src) {
		return nil, fmt.Errorf("%s has %d bytes, not %d", file.Name(), file.Size(), len(src))
	}
	if opts.Dialect == Auto {
		opts.Dialect = DialectOf(file.Name())
	}
	return CheckAt(file.Pos, src, opts)
}

// CheckAt is [Check] for a config that is no file of its own: position
// returns where in a file the byte with that offset stands, and is called
// with offsets from 0 to len(src). The dialect Auto means Runtime.
func CheckAt(position func(offset int) token.Pos, src []byte, opts Options) ([]finding.Finding, error) {
	return CheckSpans(func(start, end int) (token.Pos, token.Pos) { return position(start), position(end) }, src, opts)
}

// CheckSpans is [CheckAt] for a config whose bytes do not stand one beside
// the other in a file, as in a Go string with escapes or a YAML block: span
// returns where the bytes from start to end stand. start may equal end.
func CheckSpans(span func(start, end int) (pos, last token.Pos), src []byte, opts Options) ([]finding.Finding, error) {
	sem, err := semanticsOf(opts)
	if err != nil {
		return nil, err
	}
	c := &checker{src: src, span: span, opts: opts, sem: sem}
	root, labels, err := c.run()
	c.doubtFixes()
	if c.cut && opts.Cut != nil {
		opts.Cut(len(c.issues))
	}
	return c.findings(root, labels), err
}

// run judges the text. Its results tell where in the config an offset is;
// the error is a [*SyntaxError], which is among the issues, too.
func (c *checker) run() (root *node, labels func(offset int) string, err error) {
	if c.opts.Choices {
		return c.choices()
	}
	root, err = parse(c.src)
	if err != nil {
		c.syntax(err.(*SyntaxError))
		return nil, nil, err
	}
	cfg := c.document(root)
	c.misspellings()
	return root, cfg.labels(), nil
}
