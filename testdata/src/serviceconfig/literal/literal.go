// Package literal tests service configs in Go strings: where they may stand,
// and that findings point into them to the character.
package literal

import (
	_ "embed"
	"fmt"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/balancer/roundrobin"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/serviceconfig"

	"example.com/testdata/serviceconfig/literal/helper"
)

func raw() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{
		"timeout": "400ms",
		"name": [{"service": "a.B"}]}]}`) // want-1 `\[serviceconfig/duration\]`
}

func interpreted() grpc.DialOption {
	return grpc.WithDefaultServiceConfig("{\"methodConfig\": [{\"name\": [{}], \"timeout\": \"1m\"}]}") // want `\[serviceconfig/duration\]`
}

const shared = `{"methodConfig": [{"name": [{}], "timeout": "1h"}]}` // want `\[serviceconfig/duration\]`

func constant() []grpc.DialOption {
	return append([]grpc.DialOption{grpc.WithDefaultServiceConfig(shared)}, grpc.WithDefaultServiceConfig(shared))
}

func concatenated() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}],` +
		`"timeout": "5"` + // want `\[serviceconfig/duration\]`
		`}]}`)
}

func formatted() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"loadBalancingConfig": [{%q: {}}], "methodConfig": [{"name": [{}], "timeout": %q}]}`, // want+1 `\[serviceconfig/duration\]`
		roundrobin.Name, "3m"))
}

var variable = `{"methodConfig": {}}` // want `\[serviceconfig/rejected\]`

func fromVariable() grpc.DialOption { return grpc.WithDefaultServiceConfig(variable) }

//go:embed embedded.json
var embedded string

func fromFile() grpc.DialOption { return grpc.WithDefaultServiceConfig(embedded) }

func arm(cfg string) grpc.DialOption {
	if cfg == "" {
		cfg = `{"methodConfig": [{"name": [{}], "timeout": "2x"}]}` // want `\[serviceconfig/duration\]`
	}
	return grpc.WithDefaultServiceConfig(cfg)
}

func wrapped() (*grpc.ClientConn, error) {
	wrap(`{"methodConfig": [{"name": [{}], "timeout": "1.5.5s"}]}`)                      // want `\[serviceconfig/duration\]`
	return helper.Dial("dns:///a", `{"methodConfig": [{"name": [{}], "timeout": "s"}]}`) // want `\[serviceconfig/duration\]`
}

func wrap(config string) grpc.DialOption { return grpc.WithDefaultServiceConfig(config) }

func parsed(cc resolver.ClientConn) *serviceconfig.ParseResult {
	return cc.ParseServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": 1}]}`) // want `\[serviceconfig/duration\]`
}

func notJSON() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [}`) // want `\[serviceconfig/rejected\]`
}

// Silent.

func fine() {
	keep(
		grpc.WithDefaultServiceConfig(`{}`),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"round_robin": {}}]}`),
		grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"loadBalancingConfig": [{%q: {}}]}`, roundrobin.Name)),
		grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "a.B"}], "timeout": "2s"}]}`),
	)
}

func unknown(cfg string) {
	keep(
		grpc.WithDefaultServiceConfig(cfg),
		grpc.WithDefaultServiceConfig(os.Getenv("SERVICE_CONFIG")),
		grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"methodConfig": [{"name": [{}], "timeout": "%s"}]}`, cfg)),
		grpc.WithDefaultServiceConfig(`{"methodConfig": `+cfg),
	)
}

func keep(...grpc.DialOption) {}

func otherString() string { return fmt.Sprint(`{"methodConfig": {}}`) }

func ignored() grpc.DialOption {
	//grpclint:ignore serviceconfig/duration a test of what the server says
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "2x"}]}`)
}

var _ = []any{raw, interpreted, constant, concatenated, formatted, fromVariable, fromFile, arm, wrapped, parsed, notJSON, fine, unknown, otherString, ignored}
