package protocheck_test

import (
	"strings"
	"testing"
)

func TestIdempotencyTokenType(t *testing.T) {
	create := func(token string) string {
		return "message Q { string customer = 1;\n" + token + ` } service S { rpc CreateOrder(Q) returns (R); }`
	}
	checkCases(t, "idempotency/token-type", []testCase{
		{"number", create(`«int64» request_id = 2;`)},
		{"bytes", create(`«bytes» idempotency_key = 2;`)},
		{"list", create(`«repeated string» client_token = 2;`)},
		{"optional", create(`«optional uint32» request_token = 2;`)},
		{"oneof", create(`oneof how { string «client_request_id» = 2; bool once = 3; }`)},
		{"comment on retries", create("// Makes retries safe, and is logged.\n«int32» insert_id = 2;")},
		{"two methods, one request", `message Q { string a = 1; «int64» request_id = 2; } service S { rpc CreateOrder(Q) returns (R); rpc SendOrder(Q) returns (R); }`},
		{"string", create(`string request_id = 2;`)},
		{"optional string", create(`optional string request_id = 2;`)},
		{"read", `message Q { int64 request_id = 1; } service S { rpc GetOrder(Q) returns (R); }`},
		{"custom search", `message Q { int64 request_id = 1; } service S { rpc SearchOrders(Q) returns (R) { option (google.api.http) = { post: "/v1/orders:search" body: "*" }; } }`},
		{"stream", `message Q { int64 request_id = 1; } service S { rpc SendOrders(stream Q) returns (R); rpc SendAll(Q) returns (stream R); }`},
		{"reply", `message Q { string a = 1; } message P { int64 request_id = 1; } service S { rpc CreateOrder(Q) returns (P); }`},
		{"echoed", `message Q { int64 request_id = 1; } message P { int64 request_id = 1; } service S { rpc CreateOrder(Q) returns (P); }`},
		{"log entry", `message LogEntry { int64 request_id = 1; bytes insert_id = 2; } message Q { repeated LogEntry entries = 1; } service S { rpc WriteEntries(Q) returns (R); }`},
		{"tracing", create("// For tracing.\nint64 request_id = 2;")},
		{"about a request", `message Q { int64 request_id = 1; } service S { rpc CreateRequestReply(Q) returns (R); rpc ApproveRequest(Q) returns (R); }`},
		{"perhaps about a request", `message Q { int64 request_id = 1; } service S { rpc Approve(Q) returns (R); }`},
		{"message of one's own", `message Token { string value = 1; } message Q { Token client_token = 1; } service S { rpc CreateOrder(Q) returns (R); }`},
		{"no method", `message CreateOrderRequest { int64 request_id = 1; }`},
		{"deprecated", create(`int64 request_id = 2 [deprecated = true];`)},
		{"other names", create(`int64 request = 2; int64 id_of_request = 3;`)},
		{"missing import", `import "not/there.proto"; message Q { not.there.Id request_id = 1; } service S { rpc CreateOrder(Q) returns (R); rpc Send(not.there.Q) returns (R); }`},
	})
}

func TestIdempotencyTokenFormat(t *testing.T) {
	create := func(token string) string {
		return "message Q { string customer = 1;\n" + token + ` } service S { rpc CreateOrder(Q) returns (R); }`
	}
	checkCases(t, "idempotency/token-format", []testCase{
		{"uuid", create("// A UUID.\nstring «request_id» = 2;")},
		{"optional", create("// A UUID.\noptional string «request_id» = 2;")},
		{"other options", create("// A valid UUID, but the zero UUID.\nstring «request_id» = 2 [(google.api.field_behavior) = OPTIONAL];")},
		{"example of another thing", create("// A UUID. For example, after a time-out the server ignores a second one.\nstring «request_id» = 2;")},
		{"update", "message Q {\n// Must be a UUID\nstring «request_id» = 1; } service S { rpc UpdateOrder(Q) returns (R); }"},
		{"imported, no comment", `import "google/api/field_info.proto"; ` + create(`string «request_id» = 2;`)},
		{"trailing comment", create("string «request_id» = 2; // UUID\n")},
		{"annotated", `import "google/api/field_info.proto"; ` + create("// A UUID.\nstring request_id = 2 [(google.api.field_info).format = UUID4];")},
		{"annotated as a message", `import "google/api/field_info.proto"; ` + create("// A UUID.\nstring request_id = 2 [(google.api.field_info) = { format: UUID4 }];")},
		{"no comment", create(`string request_id = 2;`)},
		{"another form", create("// At most 36 characters.\nstring request_id = 2;")},
		{"recommended", create("// Any string. We recommend a UUID.\nstring request_id = 2;")},
		{"for example", create("// Something unique, such as a UUID.\nstring request_id = 2;")},
		{"e.g.", create("// Differs for each request (eg. a random UUID).\nstring request_id = 2;")},
		{"imported, another form", `import "google/api/field_info.proto"; ` + create("// At most 36 characters.\nstring request_id = 2;")},
		{"read", "message Q {\n// A UUID.\nstring request_id = 1; } service S { rpc GetOrder(Q) returns (R); }"},
		{"stream", "message Q {\n// A UUID.\nstring request_id = 1; } service S { rpc CreateOrder(stream Q) returns (R); }"},
		{"another name", create("// A UUID.\nstring client_token = 2;")},
		{"number", create("// A UUID.\nint64 request_id = 2;")},
	})
}

func TestIdempotencyTokenRequired(t *testing.T) {
	create := func(token string) string {
		return "message Q { string customer = 1;\n" + token + ` } service S { rpc CreateOrder(Q) returns (R); }`
	}
	checkCases(t, "idempotency/token-required", []testCase{
		{"request_id", create(`string request_id = 2 [«(google.api.field_behavior) = REQUIRED»];`)},
		{"idempotency_key", create(`string idempotency_key = 2 [«(google.api.field_behavior) = REQUIRED»];`)},
		{"among others", create(`string request_id = 2 [json_name = "id", «(google.api.field_behavior) = REQUIRED», deprecated = false];`)},
		{"behavior twice", create(`string request_id = 2 [(google.api.field_behavior) = IMMUTABLE, «(google.api.field_behavior) = REQUIRED»];`)},
		{"update", `message Q { string request_id = 1 [«(google.api.field_behavior) = REQUIRED»]; } service S { rpc UpdateOrder(Q) returns (R); }`},
		{"optional", create(`string request_id = 2 [(google.api.field_behavior) = OPTIONAL];`)},
		{"none", create(`string request_id = 2;`)},
		{"comment only", create("// Required.\nstring request_id = 2;")},
		{"read", `message Q { string request_id = 1 [(google.api.field_behavior) = REQUIRED]; } service S { rpc GetOrder(Q) returns (R); }`},
		{"stream", `message Q { string request_id = 1 [(google.api.field_behavior) = REQUIRED]; } service S { rpc CreateOrder(stream Q) returns (R); }`},
		{"another field", create(`string request = 2 [(google.api.field_behavior) = REQUIRED];`)},
		{"echoed", `message Q { string request_id = 1 [(google.api.field_behavior) = REQUIRED]; } message P { string request_id = 1; } service S { rpc CreateOrder(Q) returns (P); }`},
		{"deprecated", create(`string request_id = 2 [deprecated = true, (google.api.field_behavior) = REQUIRED];`)},
		{"no method", `message Q { string request_id = 2 [(google.api.field_behavior) = REQUIRED]; }`},
	})
}

func TestIdempotencyTokenOnResource(t *testing.T) {
	resource := func(fields string) string {
		return `message Order { option (google.api.resource) = { type: "x/Order" }; string name = 1;` + "\n" + fields + ` }`
	}
	checkCases(t, "idempotency/token-on-resource", []testCase{
		{"request_id", resource(`string «request_id» = 2;`)},
		{"client_token", resource(`optional string «client_token» = 2;`)},
		{"idempotency_key", resource(`bytes «idempotency_key» = 2;`)},
		{"input only", resource(`string «request_id» = 2 [(google.api.field_behavior) = INPUT_ONLY];`)},
		{"comment", resource("// Makes retries idempotent.\nstring «request_id» = 2;")},
		{"nested resource", `message Outer { message Order { option (google.api.resource) = { type: "x/Order" }; string «request_id» = 1; } }`},
		{"output only", resource(`string request_id = 2 [(google.api.field_behavior) = OUTPUT_ONLY];`)},
		{"tracing", resource("// The request that made it, for debugging.\nstring request_id = 2;")},
		{"insert_id", resource(`string insert_id = 2;`)},
		{"request", `message CreateOrderRequest { string request_id = 1; }`},
		{"no resource", `message Order { string request_id = 1; }`},
		{"reply", `message CreateOrderResponse { string request_id = 1; }`},
		{"other names", resource(`string request = 2; string token = 3;`)},
		{"deprecated", resource(`string request_id = 2 [deprecated = true];`)},
		{"nested, no resource", resource(`message Part { string request_id = 1; } Part part = 2;`)},
	})
}

func TestIdempotencyLevel(t *testing.T) {
	method := func(name, fields, options string) string {
		return `message Q { ` + fields + ` } service S { rpc ` + name + `(Q) returns (R) { ` + options + ` } }`
	}
	checkCases(t, "idempotency/level", []testCase{
		{"create by post", method("CreateOrder", "string a = 1;", `option «idempotency_level = NO_SIDE_EFFECTS»; option (google.api.http) = { post: "/v1/orders" body: "*" };`)},
		{"put", method("GetOrder", "string a = 1;", `option «idempotency_level = NO_SIDE_EFFECTS»; option (google.api.http) = { put: "/v1/orders" body: "*" };`)},
		{"delete", method("Orders", "string a = 1;", `option «idempotency_level = NO_SIDE_EFFECTS»; option (google.api.http) = { delete: "/v1/orders" };`)},
		{"second binding", method("Orders", "string a = 1;", `option «idempotency_level = NO_SIDE_EFFECTS»; option (google.api.http) = { get: "/v1/orders" additional_bindings { patch: "/v2/orders" } };`)},
		{"by the name", method("DeleteOrder", "string a = 1;", `option «idempotency_level = NO_SIDE_EFFECTS»;`)},
		{"idempotent charge", method("ChargeCard", "string card = 1; int64 cents = 2;", `option «idempotency_level = IDEMPOTENT»;`)},
		{"idempotent create", method("CreateOrder", "string customer = 1;", `option «idempotency_level = IDEMPOTENT»;`)},
		{"get that deletes", method("DeleteOrder", "string a = 1;", `option «(google.api.http) = { get: "/v1/orders:delete" }»;`)},
		{"read", method("GetOrder", "string a = 1;", `option idempotency_level = NO_SIDE_EFFECTS; option (google.api.http) = { get: "/v1/orders" };`)},
		{"custom search by post", method("SearchOrders", "string a = 1;", `option idempotency_level = NO_SIDE_EFFECTS; option (google.api.http) = { post: "/v1/orders:search" body: "*" };`)},
		{"read by post", method("QueryOrders", "string a = 1;", `option idempotency_level = NO_SIDE_EFFECTS; option (google.api.http) = { post: "/v1/orders/query" body: "*" };`)},
		{"arithmetic", method("Add", "int64 a = 1; int64 b = 2;", `option idempotency_level = NO_SIDE_EFFECTS;`)},
		{"function", method("SignBytes", "bytes a = 1;", `option idempotency_level = NO_SIDE_EFFECTS;`)},
		{"idempotent with a token", method("CreateOrder", "string a = 1; string request_id = 2;", `option idempotency_level = IDEMPOTENT;`)},
		{"idempotent with an id", method("CreateOrder", "string order_id = 1 [(google.api.field_behavior) = REQUIRED]; string a = 2;", `option idempotency_level = IDEMPOTENT;`)},
		{"idempotent with an etag", method("UpdateOrder", "string a = 1; string etag = 2;", `option idempotency_level = IDEMPOTENT;`)},
		{"idempotent delete", method("DeleteOrder", "string name = 1;", `option idempotency_level = IDEMPOTENT; option (google.api.http) = { delete: "/v1/orders" };`)},
		{"idempotent update", method("UpdateOrder", "string name = 1;", `option idempotency_level = IDEMPOTENT;`)},
		{"unknown level", method("CreateOrder", "string a = 1;", `option idempotency_level = IDEMPOTENCY_UNKNOWN;`)},
		{"none", method("CreateOrder", "string a = 1;", `option (google.api.http) = { post: "/v1/orders" };`)},
		{"get for an unclear name", method("RunReport", "string a = 1;", `option (google.api.http) = { get: "/v1/reports:run" };`)},
		{"missing import", `import "not/there.proto"; service S { rpc CreateOrder(not.there.Q) returns (R) { option idempotency_level = IDEMPOTENT; } }`},
	})
}

func TestIdempotencyNoToken(t *testing.T) {
	method := func(name, fields, options string) string {
		return `message Q { ` + fields + ` } service S { rpc ` + name + `(Q) returns (R) { ` + options + ` } }`
	}
	checkCases(t, "idempotency/no-token", []testCase{
		{"create", method("«CreateOrder»", "string customer = 1; int32 quantity = 2;", "")},
		{"create with a resource", `message Order { string note = 1; } ` + method("«CreateOrder»", "string parent = 1; Order order = 2;", "")},
		{"create with the server's name", `message Order { option (google.api.resource) = { type: "x/Order" }; string name = 1 [(google.api.field_behavior) = IDENTIFIER]; string note = 2; } ` + method("«CreateOrder»", "Order order = 1;", `option (google.api.http) = { post: "/v1/orders" body: "order" };`)},
		{"charge", method("«Charge»", "string card = 1; int64 amount = 2;", "")},
		{"send", method("«SendMail»", "string to = 1; string text = 2;", "")},
		{"add so many", `message Item { string product_id = 1; int32 quantity = 2; } ` + method("«AddItem»", "string user_id = 1; Item item = 2;", "")},
		{"publish", method("«Publish»", "string topic = 1; repeated bytes messages = 2;", "")},
		{"place", method("«PlaceOrder»", "string cart_id = 1; string note = 2;", "")},
		{"token", method("CreateOrder", "string customer = 1; string request_id = 2;", "")},
		{"token of another type", method("CreateOrder", "string customer = 1; int64 request_id = 2;", "")},
		{"token in the header", `message Header { string idempotency_key = 1; } ` + method("CreateOrder", "Header header = 1; string customer = 2;", "")},
		{"client-assigned id", method("CreateOrder", "string order_id = 1; string customer = 2;", "")},
		{"client-assigned id in Go's case", method("CreateProduct", "string ProductID = 1; string Customer = 2;", "")},
		{"client-assigned id in Java's case", method("CreateProduct", "string productId = 1; string customer = 2;", "")},
		{"client-assigned name in Go's case", method("CreateStore", "string Name = 1; string UserID = 2;", "")},
		{"somebody's id in Go's case", method("«CreateOrder»", "string UserID = 1; string note = 2;", "")},
		{"token in Java's case", method("CreateOrder", "string customer = 1; string requestId = 2;", "")},
		{"id in the resource in Go's case", `message Product { string ProductID = 1; string note = 2; } ` + method("CreateProduct", "Product Product = 1;", "")},
		{"client-assigned name", `message Order { string name = 1; string note = 2; } ` + method("CreateOrder", "Order order = 1;", "")},
		{"another key", `message User { string email = 1; string nick = 2; } ` + method("CreateUser", "User user = 1;", "")},
		{"immutable", `message Order { string place = 1 [(google.api.field_behavior) = IMMUTABLE]; string note = 2; } ` + method("CreateOrder", "Order order = 1;", "")},
		{"etag", method("AppendOrder", "string customer = 1; string etag = 2;", "")},
		{"declared", method("CreateOrder", "string customer = 1;", "option idempotency_level = IDEMPOTENT;")},
		{"read", method("GetOrder", "string name = 1;", "")},
		{"custom search", method("SearchOrders", "string query = 1;", `option (google.api.http) = { post: "/v1/orders:search" body: "*" };`)},
		{"put", method("CreateOrder", "string customer = 1;", `option (google.api.http) = { put: "/v1/orders" body: "*" };`)},
		{"set and delete", `message Q { string a = 1; } service S { rpc SetOrder(Q) returns (R); rpc DeleteOrder(Q) returns (R); rpc UpsertOrder(Q) returns (R); }`},
		{"unclear", `message Q { string a = 1; } service S { rpc UpdateOrder(Q) returns (R); rpc CancelOrder(Q) returns (R); rpc RunReport(Q) returns (R); rpc ImportOrders(Q) returns (R); rpc RegisterUser(Q) returns (R); }`},
		{"relation", method("CreatePostLike", "string post_id = 1; string user_id = 2;", "")},
		{"relation by name", method("CreateMembership", "string group = 1; string role = 2;", "")},
		{"ids only", method("CreateHashtagPost", "string post_id = 1; string hashtag_id = 2;", "")},
		{"says unique", `message Order { ` + "// Must be unique in the shop.\n" + `string display_name = 1; string note = 2; } ` + method("CreateOrder", "Order order = 1;", "")},
		{"says already exists", "message Q { string note = 1; } service S {\n// Fails with ALREADY_EXISTS.\nrpc CreateOrder(Q) returns (R); }"},
		{"says AlreadyExists", "message Q { string note = 1; } service S {\n// Returns `AlreadyExists` for the second.\nrpc CreateOrder(Q) returns (R); }"},
		{"named deep inside", `message Metadata { string name = 1; } message Spec { Metadata metadata = 1; int32 size = 2; } ` + method("CreateOrder", "Spec spec = 1;", "")},
		{"or update", method("CreateOrUpdateOrder", "string note = 1;", "")},
		{"add to a set", method("AddLabels", "repeated string labels = 1;", "")},
		{"sequence", `message Event { int64 sequence_number = 1; bytes data = 2; } ` + method("PublishEvent", "Event event = 1;", "")},
		{"only a token comes back", `message Q { string scope = 1; } message Token { string value = 1; } service S { rpc CreateToken(Q) returns (Token); }`},
		{"opaque", method("CreateOrder", "string parent = 1; google.protobuf.Struct order = 2;", "")},
		{"stream", `message Q { string note = 1; } service S { rpc CreateOrders(stream Q) returns (R); rpc SendAll(Q) returns (stream R); }`},
		{"missing import", `import "not/there.proto"; message Q { not.there.Order order = 1; } service S { rpc CreateOrder(not.there.Q) returns (R); rpc CreateOrder2(Q) returns (R); }`},
		{"value that is not there", `import "google/type/money.proto"; message Order { string note = 1; google.type.Money price = 2; } ` + method("«CreateOrder»", "Order order = 1;", "")},
		{"missing import of a part", `import "not/there.proto"; message Order { string note = 1; not.there.Key key = 2; } ` + method("CreateOrder", "Order order = 1;", "")},
	})
}

func TestIdempotencyTokenDoc(t *testing.T) {
	create := func(token string) string {
		return "message Q { string customer = 1;\n" + token + ` } service S { rpc CreateOrder(Q) returns (R); }`
	}
	checkCases(t, "idempotency/token-doc", []testCase{
		{"no comment", create(`string «request_id» = 2;`)},
		{"no form", create("// Makes it unique.\nstring «client_token» = 2;")},
		{"uuid", create("// A UUID.\nstring request_id = 2;")},
		{"length", create("// At most 64 characters.\nstring request_id = 2;")},
		{"annotated", `import "google/api/field_info.proto"; ` + create(`string request_id = 2 [(google.api.field_info).format = UUID4];`)},
		{"validated", validation + create(`string request_id = 2 [(rules).string.uuid = true];`)},
		{"validated by a pattern", strings.Replace(validation, "1159", "1071", 1) + create(`string request_id = 2 [(rules).string.pattern = "[a-z]{8}"];`)},
		{"has to be there", validation + create(`string «request_id» = 2 [(rules).string.min_len = 1];`)},
		{"another option", strings.Replace(validation, "1159", "1160", 1) + create(`string «request_id» = 2 [(rules).string.uuid = true];`)},
	})
}

// validation are rules with the numbers of buf/validate/validate.proto.
const validation = `import "google/protobuf/descriptor.proto";
message StringRules { uint64 min_len = 2; string pattern = 6; bool uuid = 22; }
message FieldRules { StringRules string = 14; }
extend google.protobuf.FieldOptions { FieldRules rules = 1159; }
`

func TestIdempotencyUnmarkedRead(t *testing.T) {
	checkCases(t, "idempotency/unmarked-read", []testCase{
		{"get", `message Q {} service S { rpc «GetOrder»(Q) returns (R); rpc «ListOrders»(Q) returns (R); }`},
		{"by post", `message Q {} service S { rpc «SearchOrders»(Q) returns (R) { option (google.api.http) = { post: "/v1/orders:search" }; } }`},
		{"marked", `message Q {} service S { rpc GetOrder(Q) returns (R) { option idempotency_level = NO_SIDE_EFFECTS; } }`},
		{"stream", `message Q {} service S { rpc WatchOrders(Q) returns (stream R); }`},
		{"create", `message Q {} service S { rpc CreateOrder(Q) returns (R); }`},
		{"get or create", `message Q {} service S { rpc GetOrCreateOrder(Q) returns (R); }`},
	})
}

func TestIdempotencyStreamResume(t *testing.T) {
	checkCases(t, "idempotency/stream-resume", []testCase{
		{"upload", `message Q { string name = 1; bytes data = 2; } service S { rpc Upload(stream «Q») returns (R); }`},
		{"chunks in a oneof", `message Head { string name = 1; } message Q { oneof part_of { Head head = 1; bytes data = 2; } } service S { rpc Upload(stream «Q») returns (R); }`},
		{"watch", `message Q { string prefix = 1; } service S { rpc Watch(«Q») returns (stream R); }`},
		{"offset", `message Q { int64 write_offset = 1; bytes data = 2; } service S { rpc Upload(stream Q) returns (R); }`},
		{"session in the head", `message Head { string session_id = 1; } message Q { oneof what { Head head = 1; bytes data = 2; } } service S { rpc Upload(stream Q) returns (R); }`},
		{"no bytes", `message Q { string text = 1; } service S { rpc Chat(stream Q) returns (stream R); }`},
		{"watch from", `message Q { string prefix = 1; int64 start_revision = 2; } service S { rpc Watch(Q) returns (stream R); }`},
		{"list", `message Q { string prefix = 1; } service S { rpc List(Q) returns (stream R); }`},
		{"unary", `message Q { bytes data = 1; } service S { rpc Upload(Q) returns (R); }`},
		{"missing import", `import "not/there.proto"; service S { rpc Upload(stream not.there.Q) returns (R); }`},
	})
}
