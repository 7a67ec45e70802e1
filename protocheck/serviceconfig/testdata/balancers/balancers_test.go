// Package balancers holds the checker against grpc-go with all of the load
// balancing policies that it ships.
package balancers

import (
	"io"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/balancer"
	_ "google.golang.org/grpc/balancer/autosharding"
	_ "google.golang.org/grpc/balancer/grpclb"
	_ "google.golang.org/grpc/balancer/leastrequest"
	_ "google.golang.org/grpc/balancer/randomsubsetting"
	_ "google.golang.org/grpc/balancer/ringhash"
	_ "google.golang.org/grpc/balancer/rls"
	_ "google.golang.org/grpc/balancer/weightedroundrobin"
	_ "google.golang.org/grpc/balancer/weightedtarget"
	"google.golang.org/grpc/grpclog"
	_ "google.golang.org/grpc/xds"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
)

// list stands for a list of policies within a policy's configuration.
const list = "<policies>"

// shipped are the policies with the values at which judgement turns.
// rls_experimental has a test of its own: not all that may be wrong with it
// is found.
var shipped = []differential.Policy{
	{Name: "pick_first", Settings: map[string][]string{"shuffleAddressList": {"true", "null", "1"}}},
	{Name: "round_robin"},
	{Name: "no_such_policy", Settings: map[string][]string{"x": {"1"}}},
	{Name: "WEIGHTED_ROUND_ROBIN"},
	{Name: "weighted_round_robin", Settings: map[string][]string{
		"enableOobLoadReport": {"true", "false", `"true"`}, "oobReportingPeriod": {`"1s"`, `"10ms"`, "null", `"-1s"`},
		"blackoutPeriod": {`"1s"`, `"0s"`, "1"}, "weightExpirationPeriod": {`"1s"`}, "weightUpdatePeriod": {`"0.01s"`},
		"errorUtilizationPenalty": {"0", "1.5", "-1", "-0", `"1"`, "1e400", "null"},
	}},
	{Name: "least_request_experimental", Settings: map[string][]string{"choiceCount": {"0", "1", "2", "11", "-1", "2.0", "4294967295", "4294967296", `"2"`, "null"}}},
	{Name: "ring_hash_experimental", Settings: map[string][]string{
		"minRingSize":       {"0", "1", "1024", "4096", "4097", "8388608", "8388609", "-1", "18446744073709551616", "null"},
		"maxRingSize":       {"0", "1", "1023", "1024", "8388608", "8388609", "1.0"},
		"requestHashHeader": {`""`, `"x-id"`, `"X-Id"`, `"x-bin"`, `"x id"`, `":authority"`, `"\u00e9"`, `"\u212a"`, "1", "null", `"-bin"`, `":x-bin"`},
	}},
	{Name: "random_subsetting_experimental", Settings: map[string][]string{"subsetSize": {"1", "2", "0", "-1", "null"}, "childPolicy": {list, list, "null"}}},
	{Name: "autosharding_experimental", Settings: map[string][]string{
		"channelFactoryKey": {`"a"`, `"a"`, `"a"`, `""`}, "autoshardingTarget": {`"a"`, `"a"`, "null"}, "keyHeaderName": {`"a"`, `"a"`, "1"},
		"enableFallback": {"true"}, "initialAssignmentTimeout": {`"1s"`, `"x"`},
	}},
	{Name: "grpclb", Settings: map[string][]string{
		"childPolicy": {list, `[{}]`, `[null]`, `[1]`, `[{"a":1,"b":2}]`, "null", "{}"}, "serviceName": {`"x"`, "1", "null"}, "loadBalancingConfig": {"null", "1", "{}"},
	}},
	{Name: "weighted_target_experimental", Settings: map[string][]string{
		"targets": {`{}`, `{"a":{"weight":1,"childPolicy":` + list + `}}`, `{"a":null}`, `{"a":1}`, `{"a":{"weight":-1}}`, `{"a":{"weight":1},"a":{"childPolicy":` + list + `}}`, "[]", "null"},
	}},
	{Name: "outlier_detection_experimental", Settings: map[string][]string{
		"interval": {`"1s"`, `"-1s"`, "null"}, "baseEjectionTime": {`"0s"`, `"-0.1s"`}, "maxEjectionTime": {`"1s"`, `"x"`}, "maxEjectionPercent": {"100", "101", "null"},
		"successRateEjection":       {`{}`, `null`, `{"enforcementPercentage":101}`, `{"enforcementPercentage":100,"stdevFactor":-1}`, "[]"},
		"failurePercentageEjection": {`{}`, `{"threshold":101}`, `{"threshold":1,"enforcementPercentage":101}`, `{"minimumHosts":1}`, "1"},
		"childPolicy":               {list, "null"},
	}},
	{Name: "priority_experimental", Settings: map[string][]string{
		"children":   {`{}`, `{"a":{"config":` + list + `}}`, `{"a":null}`, `{"a":{"ignoreReresolutionRequests":1}}`, `{"a":{"ignoreReresolutionRequests":true},"b":{}}`, "null"},
		"priorities": {`[]`, `["a"]`, `["a","b"]`, `["b","a","a"]`, `[null]`, `[1]`, "null"},
	}},
	{Name: "cds_experimental", Settings: map[string][]string{"cluster": {`"a"`, "1"}, "isDynamic": {"true", "1"}, "loadBalancingConfig": {"null", "{}"}}},
	{Name: "xds_cluster_impl_experimental", Settings: map[string][]string{"cluster": {`"a"`, "1"}, "childPolicy": {list, "null"}}},
	{Name: "xds_cluster_manager_experimental", Settings: map[string][]string{"children": {`{"a":{"childPolicy":` + list + `}}`, `{"a":1}`, "null"}, "loadBalancingConfig": {"null", "1"}}},
	{Name: "xds_wrr_locality_experimental", Settings: map[string][]string{"childPolicy": {list, list, "null", "1"}}},
}

func TestVerdicts(t *testing.T) {
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	for _, p := range shipped {
		if (balancer.Get(p.Name) != nil) != (p.Name != "no_such_policy" && p.Name != "WEIGHTED_ROUND_ROBIN") {
			t.Errorf("%s is registered is %v", p.Name, balancer.Get(p.Name) != nil)
		}
	}
	opts := serviceconfig.Options{Dialect: serviceconfig.Runtime} // all that grpc-go ships
	var oracle differential.Oracle = grpc.NewClient
	refused := 0
	const configs = 60_000
	g := differential.NewGenerator(6, shipped)
	for range configs {
		if oracle.Compare(t, g.Balancing(), opts) {
			refused++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of %d refused", refused, configs)
	if refused < configs/10 || refused > configs*9/10 {
		t.Errorf("%d of %d configs are refused", refused, configs)
	}
}

// What the checker says of rls_experimental is right; what it does not say
// may be wrong.
func TestRLS(t *testing.T) {
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	var oracle differential.Oracle = grpc.NewClient
	const keys = `"grpcKeybuilders":[{"names":[{"service":"a","method":"b"}]}]`
	g := differential.NewGenerator(8, []differential.Policy{{Name: "rls_experimental", Settings: map[string][]string{
		"routeLookupConfig": {
			`{` + keys + `,"lookupService":"a","cacheSizeBytes":"1000"}`, `{` + keys + `,"lookup_service":"dns:///a","cache_size_bytes":1000}`,
			`{` + keys + `,"lookupService":"a","cacheSizeBytes":1000,"x":1}`, `{"lookupService":"a","cacheSizeBytes":1}`, `{` + keys + `,"lookupService":null,"cacheSizeBytes":1}`,
			`{` + keys + `,"lookupService":"a"}`, "{}", "null", "1", `{"grpc_keybuilders":[],"lookupService":"a","cacheSizeBytes":1}`,
		},
		"routeLookupChannelServiceConfig":  {`{}`, `"x"`, "null", `{"methodConfig":1}`},
		"childPolicy":                      {`[{"weighted_target_experimental":{}}]`, `[{"round_robin":{}}]`, "[]", "null", "[null]", "[1]", `[{"grpclb":{}}]`},
		"childPolicyConfigTargetFieldName": {`"x"`, `"x"`, `"x"`, `""`, "null", "1"},
	}}})
	accepted, refused, missed := 0, 0, 0
	for range 30_000 {
		config := g.Balancing()
		_, refuses := oracle.Refuses(t, config)
		rejected := differential.Rejected(t, config, serviceconfig.Options{Dialect: serviceconfig.Runtime})
		switch {
		case !refuses && len(rejected) > 0:
			t.Fatalf("grpc-go accepts: %s\n%s", config, rejected[0].Message)
		case !refuses:
			accepted++
		case len(rejected) > 0:
			refused++
		default:
			missed++
		}
	}
	t.Logf("%d accepted, %d refused, %d refused for what is not modelled", accepted, refused, missed)
	if accepted == 0 || refused < 10*missed {
		t.Errorf("%d accepted, %d refused, %d missed", accepted, refused, missed)
	}
}
