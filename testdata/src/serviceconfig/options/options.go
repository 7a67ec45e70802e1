// Package options tests serviceconfig/overridden and
// serviceconfig/disable-noop.
package options

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	roundRobin = `{"loadBalancingConfig": [{"round_robin": {}}]}`
	timeout    = `{"methodConfig": [{"name": [{}], "timeout": "2s"}]}`
)

func twice() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(),
		grpc.WithDefaultServiceConfig(timeout),    // want `^this service config is never used: a later WithDefaultServiceConfig replaces it \[serviceconfig/overridden\]$`
		grpc.WithDefaultServiceConfig(roundRobin)) // related "replaced here"
}

func inList() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithDefaultServiceConfig(timeout), // want `serviceconfig/overridden`
		creds(),
		grpc.WithDefaultServiceConfig(timeout), // want `serviceconfig/overridden`
		grpc.WithDefaultServiceConfig(roundRobin),
	}
}

func xds() (*grpc.ClientConn, error) {
	return grpc.NewClient("xds:///orders", creds(), grpc.WithDefaultServiceConfig(timeout)) // want `an xds target brings its own`
}

func disabled() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(),
		grpc.WithDisableServiceConfig(), // want `^the default service config stays in force: grpc.WithDisableServiceConfig turns off the resolver's only \[serviceconfig/disable-noop\]$`
		grpc.WithDefaultServiceConfig(timeout))
}

// Silent.

func once() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(), grpc.WithDefaultServiceConfig(timeout))
}

func onlyDisabled() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(), grpc.WithDisableServiceConfig())
}

func apart(more bool) []grpc.DialOption {
	options := []grpc.DialOption{grpc.WithDefaultServiceConfig(timeout)}
	if more {
		options = append(options, grpc.WithDefaultServiceConfig(roundRobin))
	}
	return options
}

func ignored() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(),
		grpc.WithDefaultServiceConfig(timeout),
		//grpclint:ignore serviceconfig/disable-noop pinned against what DNS may say
		grpc.WithDisableServiceConfig())
}

func creds() grpc.DialOption { return grpc.WithTransportCredentials(insecure.NewCredentials()) }

// inHelper makes the config for one list.
func inHelper() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(), own(), grpc.WithDefaultServiceConfig(roundRobin))
}

func own() grpc.DialOption { return grpc.WithDefaultServiceConfig(timeout) } // want `serviceconfig/overridden`

// inVariable reads what a function has made for it.
func inVariable() []grpc.DialOption {
	return []grpc.DialOption{kept, grpc.WithDefaultServiceConfig(roundRobin)}
}

var kept = keep()

func keep() grpc.DialOption { return grpc.WithDefaultServiceConfig(timeout) } // want `serviceconfig/overridden`

// inRun makes the config for one list, in a function that a helper calls.
func inRun() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(), ran(), grpc.WithDefaultServiceConfig(roundRobin))
}

func ran() grpc.DialOption {
	return run(func() grpc.DialOption { return grpc.WithDefaultServiceConfig(timeout) }) // want `serviceconfig/overridden`
}

func run(f func() grpc.DialOption) grpc.DialOption { return f() }

// Silent: the other list needs it.
func ranTwice() (both [2][]grpc.DialOption) {
	config := func() grpc.DialOption { return grpc.WithDefaultServiceConfig(timeout) }
	both[0] = []grpc.DialOption{run(config), grpc.WithDefaultServiceConfig(roundRobin)}
	both[1] = []grpc.DialOption{run(config)}
	return both
}

func calledTwice() (both [2][]grpc.DialOption) {
	config := func() grpc.DialOption { return grpc.WithDefaultServiceConfig(timeout) }
	both[0] = []grpc.DialOption{config(), grpc.WithDefaultServiceConfig(roundRobin)}
	both[1] = []grpc.DialOption{config()}
	return both
}

// Silent: another list has what the variable holds.
func replacesHeld() []grpc.DialOption {
	return []grpc.DialOption{held, grpc.WithDefaultServiceConfig(roundRobin)}
}

func usesHeld() []grpc.DialOption { return []grpc.DialOption{held} }

var held = hold()

func hold() grpc.DialOption { return grpc.WithDefaultServiceConfig(timeout) }

// Both use what is common; one of them replaces it.
func replacesCommon() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(), common(), grpc.WithDefaultServiceConfig(roundRobin))
}

func usesCommon() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(), common())
}

func common() grpc.DialOption { return grpc.WithDefaultServiceConfig(timeout) }

var shared = grpc.WithDefaultServiceConfig(timeout)

func replacesShared() []grpc.DialOption {
	return []grpc.DialOption{shared, grpc.WithDefaultServiceConfig(roundRobin)}
}

func usesShared() []grpc.DialOption { return []grpc.DialOption{shared} }

// perhaps may not get the other one.
func perhaps(more bool) []grpc.DialOption {
	second := creds()
	if more {
		second = grpc.WithDefaultServiceConfig(roundRobin)
	}
	return []grpc.DialOption{grpc.WithDefaultServiceConfig(timeout), second}
}

// choose takes one of them.
func chosen() grpc.DialOption {
	return choose(grpc.WithDefaultServiceConfig(timeout), grpc.WithDefaultServiceConfig(roundRobin))
}

func choose(options ...grpc.DialOption) grpc.DialOption { return options[0] }

var _ = []any{twice, inList, xds, disabled, once, onlyDisabled, apart, ignored, inHelper, inVariable, replacesHeld, usesHeld, replacesCommon, usesCommon, replacesShared, usesShared, perhaps, chosen}
