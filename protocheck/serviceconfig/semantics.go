package serviceconfig

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Newest is the newest version of grpc-go that this package was held
// against.
const Newest = "1.85.0"

// defaultMaxCallAttempts is grpc-go's cap on attempts, the first included.
const defaultMaxCallAttempts = 5

// semantics are the ways in which one program's grpc-go differs from
// another's.
type semantics struct {
	// dropsBadRetryPolicy: up to 1.69 a retry policy with a bad value is
	// dropped, with a line in the log; since 1.70 the config is refused.
	dropsBadRetryPolicy bool

	// foldsBalancerNames: up to 1.81 the case of a policy's name does not
	// matter.
	foldsBalancerNames bool

	// parsesEveryBalancerList: up to 1.62 each of several
	// loadBalancingConfig keys is checked, since then the last only. The
	// configuration that loadBalancingPolicy implies is checked since
	// then, too.
	parsesEveryBalancerList bool

	// fullJitter: up to 1.69 a backoff is random between zero and its
	// value, since then between 0.8 and 1.2 times it.
	fullJitter bool

	// maxAttempts is the cap on attempts. The option that raises it came
	// with 1.65.
	maxAttempts        int
	hasMaxCallAttempts bool

	registered map[string]bool
}

func semanticsOf(opts Options) (semantics, error) {
	if opts.Dialect < Auto || opts.Dialect > GAPIC {
		return semantics{}, fmt.Errorf("unknown dialect %v", opts.Dialect)
	}
	minor, err := minorOf(opts.GRPCGo)
	if err != nil {
		return semantics{}, err
	}
	sem := semantics{
		dropsBadRetryPolicy:     minor <= 69,
		foldsBalancerNames:      minor <= 81,
		parsesEveryBalancerList: minor <= 62,
		fullJitter:              minor <= 69,
		maxAttempts:             defaultMaxCallAttempts,
		hasMaxCallAttempts:      minor >= 65,
		registered:              make(map[string]bool),
	}
	if opts.MaxCallAttempts >= 2 && sem.hasMaxCallAttempts {
		sem.maxAttempts = opts.MaxCallAttempts
	}
	if opts.Balancers == nil {
		for _, b := range balancers {
			sem.registered[b.name] = true
		}
	}
	for _, name := range opts.Balancers {
		if sem.foldsBalancerNames {
			name = strings.ToLower(name)
		}
		sem.registered[name] = true
	}
	return sem, nil
}

// registeredName returns the name under which a policy is registered.
func (s semantics) registeredName(name string) (string, bool) {
	if s.foldsBalancerNames {
		name = strings.ToLower(name)
	}
	return name, s.registered[name]
}

// registeredNames returns the names of the registered policies, sorted.
func (s semantics) registeredNames() []string {
	names := make([]string, 0, len(s.registered))
	for name := range s.registered {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// minorOf returns 85 for "1.85.0", "v1.85" or "1.85.0-dev". grpc-go 2 is
// newer than all that is known.
func minorOf(version string) (int, error) {
	if version == "" {
		version = Newest
	}
	parts := strings.Split(strings.TrimPrefix(version, "v"), ".")
	if len(parts) < 2 {
		return 0, fmt.Errorf("%q is no version of grpc-go (such as %q)", version, Newest)
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil || major < 1 || minor < 0 {
		return 0, fmt.Errorf("%q is no version of grpc-go (such as %q)", version, Newest)
	}
	if major > 1 {
		return minorOf(Newest)
	}
	return minor, nil
}
