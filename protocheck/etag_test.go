package protocheck_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck"
)

func TestEtagType(t *testing.T) {
	checkCases(t, "etag/type", []testCase{
		{"bytes", `message Order { «bytes» etag = 1; }`},
		{"number", `message Order { «int64» etag = 1; }`},
		{"optional", `message Order { «optional uint32» etag = 1; }`},
		{"list", `message Order { «repeated string» etag = 1; }`},
		{"map", `message Order { «map<string, string>» etag = 1; }`},
		{"nested message", `message Order { message Item { «bytes» etag = 1; } string etag = 2; }`},
		{"string", `message Order { string etag = 1; }`},
		{"optional string", `message Order { optional string etag = 1; }`},
		{"string in a oneof", `message Order { oneof version { string etag = 1; int64 revision = 2; } }`},
		{"other names", `message Order { bytes etags = 1; bytes etag_hash = 2; bytes e_tag = 3; }`},
		{"wrapper", `message Order { google.protobuf.StringValue etag = 1; }`},
		{"message of one's own", `message Etag { string value = 1; } message Order { Etag etag = 1; }`},
		{"enum", `enum Etag { WEAK = 0; } message Order { Etag etag = 1; }`},
		{"deprecated", `message Order { bytes etag = 1 [deprecated = true]; }`},
		{"missing import", `import "not/there.proto"; message Order { not.there.Etag etag = 1; }`},
	})
}

func TestEtagDuplicate(t *testing.T) {
	const order = `message Order { string name = 1; string etag = 2; } `
	checkCases(t, "etag/duplicate", []testCase{
		{"update", order + `message Q { Order order = 1; string «etag» = 2; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"optional", order + `message Q { Order order = 1; optional string «etag» = 2; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"by the body", order + `message Q { Order o = 1; string «etag» = 2; } service S { rpc UpdateThing(Q) returns (R) { option (google.api.http) = { patch: "/v1/x" body: "o" }; } }`},
		{"delete", order + `message Q { string «etag» = 1; Order order = 2; } service S { rpc DeleteOrder(Q) returns (R); }`},
		{"replace", order + `message Q { Order order = 1; string «etag» = 2; } service S { rpc ReplaceOrder(Q) returns (R); }`},
		{"two methods, one request", order + `message Q { Order order = 1; string «etag» = 2; } service S { rpc UpdateOrder(Q) returns (R); rpc PatchOrder(Q) returns (R) { option (google.api.http) = { patch: "/v1/x" body: "order" }; } }`},
		{"only the resource's", order + `message Q { Order order = 1; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"only the request's", `message Order { string name = 1; } message Q { Order order = 1; string etag = 2; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"no resource", `message Q { string name = 1; string etag = 2; } service S { rpc DeleteOrder(Q) returns (R); }`},
		{"another resource", order + `message Q { string name = 1; Order source = 2; string etag = 3; } service S { rpc MoveShelf(Q) returns (R); }`},
		{"list", order + `message Q { repeated Order orders = 1; string etag = 2; } service S { rpc UpdateOrders(Q) returns (R); }`},
		{"whole body", order + `message Q { Order source = 1; string etag = 2; } service S { rpc UpdateShelf(Q) returns (R) { option (google.api.http) = { patch: "/v1/x" body: "*" }; } }`},
		{"deprecated", order + `message Q { Order order = 1; string etag = 2 [deprecated = true]; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"resource's deprecated", `message Order { string etag = 1 [deprecated = true]; } message Q { Order order = 1; string etag = 2; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"one is of another type", `message Order { bytes etag = 1; } message Q { Order order = 1; string etag = 2; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"no method", order + `message UpdateOrderRequest { Order order = 1; string etag = 2; }`},
		{"missing import", `import "not/there.proto"; message Q { not.there.Order order = 1; string etag = 2; } service S { rpc UpdateOrder(Q) returns (R); }`},
	})
}

func TestEtagBehavior(t *testing.T) {
	const request = ` message Q { Order order = 1; google.protobuf.FieldMask update_mask = 2; } service S { rpc UpdateOrder(Q) returns (R); }`
	order := func(etag string) string { return `message Order { string name = 1; ` + etag + ` }` }
	checkCases(t, "etag/behavior", []testCase{
		{"output only", order(`string etag = 2 [«(google.api.field_behavior) = OUTPUT_ONLY»];`) + request},
		{"input only", order(`string etag = 2 [«(google.api.field_behavior) = INPUT_ONLY»];`) + request},
		{"immutable", order(`string etag = 2 [«(google.api.field_behavior) = IMMUTABLE»];`) + request},
		{"among others", order(`string etag = 2 [deprecated = false, «(google.api.field_behavior) = OUTPUT_ONLY», json_name = "tag"];`) + request},
		{"two behaviors", order(`string etag = 2 [(google.api.field_behavior) = OPTIONAL, «(google.api.field_behavior) = OUTPUT_ONLY»];`) + request},
		{"by the body", order(`string etag = 2 [«(google.api.field_behavior) = OUTPUT_ONLY»];`) + ` message Q { Order o = 1; } service S { rpc UpdateThing(Q) returns (R) { option (google.api.http) = { patch: "/v1/x" body: "o" }; } }`},
		{"put, with If-Match", order(`string etag = 2 [(google.api.field_behavior) = OUTPUT_ONLY];`) + ` message Q { Order order = 1; } service S { rpc UpdateOrder(Q) returns (R) { option (google.api.http) = { put: "/v1/x" body: "order" }; } }`},
		{"none", order(`string etag = 2;`) + request},
		{"optional", order(`string etag = 2 [(google.api.field_behavior) = OPTIONAL];`) + request},
		{"required", order(`string etag = 2 [(google.api.field_behavior) = REQUIRED];`) + request},
		{"no update", order(`string etag = 2 [(google.api.field_behavior) = OUTPUT_ONLY];`) + ` message Q { string name = 1; } service S { rpc GetOrder(Q) returns (Order); }`},
		{"the request has an etag", order(`string etag = 2 [(google.api.field_behavior) = OUTPUT_ONLY];`) + ` message Q { Order order = 1; string etag = 2; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"made, not updated", order(`string etag = 2 [(google.api.field_behavior) = OUTPUT_ONLY];`) + ` message Q { Order order = 1; } service S { rpc CreateOrder(Q) returns (R); }`},
		{"another field", order(`string tag = 2 [(google.api.field_behavior) = OUTPUT_ONLY];`) + request},
		{"deprecated", order(`string etag = 2 [deprecated = true, (google.api.field_behavior) = OUTPUT_ONLY];`) + request},
		{"stream", order(`string etag = 2 [(google.api.field_behavior) = OUTPUT_ONLY];`) + ` message Q { Order order = 1; } service S { rpc UpdateOrder(stream Q) returns (R); }`},
		{"missing import", `import "not/there.proto"; message Q { not.there.Order order = 1; } service S { rpc UpdateOrder(Q) returns (R); }`},
	})
}

func TestEtagCode(t *testing.T) {
	checkCases(t, "etag/code", []testCase{
		{"request", "message Q {\n// If it does not match, the call fails with FAILED_PRECONDITION.\nstring «etag» = 1; }"},
		{"two sentences", "message Q {\n// It must match the server's. Otherwise the request will\n// fail with a FAILED_PRECONDITION.\nstring «etag» = 1; }"},
		{"resource", "message Order { string «etag» = 1; // FAILED_PRECONDITION if it is stale\n }"},
		{"block comment", "message Q {\n/* If it is out of date, delete returns FAILED_PRECONDITION. */\nstring «etag» = 1; }"},
		{"method", "message Q {}\nservice S {\n// Fails with FAILED_PRECONDITION if the etag differs.\nrpc «DeleteOrder»(Q) returns (R); }"},
		{"aborted", "message Q {\n// If it does not match, the call fails with ABORTED.\nstring etag = 1; }"},
		{"both", "message Q {\n// ABORTED if it does not match, FAILED_PRECONDITION if the order is not empty.\nstring etag = 1; }"},
		{"no code", "message Q {\n// Must match the current one.\nstring etag = 1; }"},
		{"another reason", "message Q {\n// FAILED_PRECONDITION if there is none.\nstring etag = 1; }"},
		{"another field", "message Q {\n// FAILED_PRECONDITION if the name does not match.\nstring name = 1; }"},
		{"another sentence", "message Q {}\nservice S {\n// Fails with FAILED_PRECONDITION if the order is not empty. An etag must match.\nrpc DeleteOrder(Q) returns (R); }"},
		{"method without an etag", "message Q {}\nservice S {\n// Fails with FAILED_PRECONDITION if the state does not match.\nrpc DeleteOrder(Q) returns (R); }"},
		{"no comment", "message Q { string etag = 1; }"},
		{"detached comment", "message Q {\n// FAILED_PRECONDITION if the etag does not match.\n\nstring etag = 1; }"},
	})
}

// What is said depends on the code that the project answers a stale etag with.
func TestEtagCodeOfProject(t *testing.T) {
	const text = "message Q {\n// If it does not match, the call fails with FAILED_PRECONDITION.\nstring etag = 1; }"
	for code, want := range map[string]string{
		"":                    "not ABORTED",
		"ABORTED":             "not ABORTED",
		"OUT_OF_RANGE":        "not OUT_OF_RANGE",
		"FAILED_PRECONDITION": "",
	} {
		set, files := load(t, map[string]string{"a.proto": fmt.Sprintf(head, "a") + text})
		issues := protocheck.Check(files["a.proto"].Descriptor, set, protocheck.Options{Enabled: only("etag/code"), EtagCode: code})
		switch {
		case len(issues) > 1 || len(issues) == 1 != (want != ""):
			t.Errorf("%q: %d issues", code, len(issues))
		case want != "" && !strings.HasSuffix(issues[0].Message, want):
			t.Errorf("%q: %s", code, issues[0].Message)
		}
	}
}

func TestEtagBlindUpdate(t *testing.T) {
	const order = `message Order { string name = 1; string address = 2; string note = 3; } `
	update := func(order, request string) string {
		return order + ` message Q { ` + request + ` } service S { rpc UpdateOrder(Q) returns (R); }`
	}
	checkCases(t, "etag/blind-update", []testCase{
		{"whole resource", order + `message Q { Order order = 1; } service S { rpc «UpdateOrder»(Q) returns (R); }`},
		{"with a parent", order + `message Q { string parent = 1; Order order = 2; } service S { rpc «UpdateOrder»(Q) returns (Order); }`},
		{"put", order + `message Q { Order order = 1; } service S { rpc «UpdateOrder»(Q) returns (Order) { option (google.api.http) = { put: "/v1/{order.name=orders/*}" body: "order" }; } }`},
		{"a token is no guard", order + `message Q { Order order = 1; string request_id = 2; } service S { rpc «UpdateOrder»(Q) returns (Order); }`},
		{"resource by its option", `message Order { option (google.api.resource) = { type: "x/Order" }; string name = 1; int32 a = 2; int32 b = 3; } message Q { Order o = 1; } service S { rpc «UpdateThing»(Q) returns (Order) { option (google.api.http) = { put: "/v1/x" body: "o" }; } }`},
		{"mask", update(order, `Order order = 1; google.protobuf.FieldMask update_mask = 2;`)},
		{"mask of one's own", update(order, `Order order = 1; repeated string field_mask = 2;`)},
		{"etag", update(order, `Order order = 1; string etag = 2;`)},
		{"etag of the resource", update(`message Order { string name = 1; string a = 2; string b = 3; string etag = 4; }`, `Order order = 1;`)},
		{"version", update(order, `Order order = 1; int64 resource_version = 2;`)},
		{"version of the resource", update(`message Order { string a = 1; string b = 2; int64 generation = 3; }`, `Order order = 1;`)},
		{"conflict token", update(order, `Order order = 1; bytes conflict_token = 2;`)},
		{"optional fields", update(`message Order { string name = 1; optional string a = 2; optional string b = 3; }`, `Order order = 1;`)},
		{"choice", update(`message Order { string name = 1; oneof change { string a = 2; string b = 3; } }`, `Order order = 1;`)},
		{"wrappers", update(`message Order { string name = 1; google.protobuf.StringValue a = 2; google.protobuf.Int32Value b = 3; }`, `Order order = 1;`)},
		{"one field only", update(`message Order { string name = 1; string note = 2; }`, `Order order = 1;`)},
		{"a reference, no resource", update(`message Order { string order_id = 1; string run_id = 2; string shop = 3; }`, `Order order = 1; string note = 2;`)},
		{"fields of the request", `message Q { string name = 1; string address = 2; string note = 3; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"set and replace", order + `message Q { Order order = 1; } service S { rpc SetOrder(Q) returns (R); rpc ReplaceOrder(Q) returns (R); }`},
		{"a change, no resource", `message OrderUpdate { repeated string removals = 1; repeated string additions = 2; } message Q { OrderUpdate change = 1; } service S { rpc UpdateOrder(Q) returns (R) { option (google.api.http) = { post: "/v1/x" body: "change" }; } }`},
		{"stream", order + `message Q { Order order = 1; } service S { rpc UpdateOrder(stream Q) returns (R); }`},
		{"missing import", `import "not/there.proto"; message Q { not.there.Order order = 1; } service S { rpc UpdateOrder(Q) returns (R); }`},
	})
}

func TestEtagMissing(t *testing.T) {
	const order = `message Order { string name = 1; string etag = 2; } `
	checkCases(t, "etag/missing", []testCase{
		{"delete", order + `message Q { string name = 1; } service S { rpc DeleteOrder(«Q») returns (R); }`},
		{"by id", order + `message Q { int64 id = 1; } service S { rpc DeleteOrder(«Q») returns (Order); }`},
		{"etag", order + `message Q { string name = 1; string etag = 2; } service S { rpc DeleteOrder(Q) returns (R); }`},
		{"revision", order + `message Q { string name = 1; int64 revision = 2; } service S { rpc DeleteOrder(Q) returns (R); }`},
		{"resource without one", `message Order { string name = 1; } message Q { string name = 1; } service S { rpc DeleteOrder(Q) returns (R); }`},
		{"resource elsewhere", `message Q { string name = 1; } service S { rpc DeleteOrder(Q) returns (R); }`},
		{"get", order + `message Q { string name = 1; } service S { rpc GetOrder(Q) returns (R); }`},
	})
}

func TestEtagDeclarative(t *testing.T) {
	checkCases(t, "etag/declarative", []testCase{
		{"declarative", `message «Order» { option (google.api.resource) = { type: "x/Order" style: DECLARATIVE_FRIENDLY }; string name = 1; }`},
		{"etag", `message Order { option (google.api.resource) = { type: "x/Order" style: DECLARATIVE_FRIENDLY }; string etag = 1; }`},
		{"generation", `message Order { option (google.api.resource) = { type: "x/Order" style: DECLARATIVE_FRIENDLY }; int64 generation = 1; }`},
		{"no style", `message Order { option (google.api.resource) = { type: "x/Order" }; string name = 1; }`},
		{"no resource", `message Order { string name = 1; }`},
	})
}

func TestProtoUnversioned(t *testing.T) {
	// The heads of the cases have versions; without one: see TestPages.
	checkCases(t, "proto/unversioned", []testCase{
		{"version", `message Q {} service S { rpc Get(Q) returns (R); }`},
		{"no services", `message Q {}`},
	})
}
