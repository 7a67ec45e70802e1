package method_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck/method"
)

// text makes a message of string fields; a name with a dot is that of a
// field of a message, one with "!" is required.
func text(names ...string) *method.Message {
	m := new(method.Message)
	for _, name := range names {
		outer, inner, nested := strings.Cut(name, ".")
		switch {
		case !nested:
			f := method.Field{Name: strings.TrimSuffix(name, "!"), Kind: method.StringKind}
			if f.Name != name {
				f.Behavior = method.Required
			}
			m.Fields = append(m.Fields, f)
		case m.Field(outer) == nil:
			m.Fields = append(m.Fields, method.Field{Name: outer, Kind: method.MessageKind, Message: text(inner)})
		default:
			of := m.Field(outer).Message
			of.Fields = append(of.Fields, text(inner).Fields...)
		}
	}
	return m
}

// masked adds a field mask to a message.
func masked(name string, m *method.Message) *method.Message {
	m.Fields = append(m.Fields, method.Field{Name: name, Kind: method.MessageKind, Mask: true})
	return m
}

// of makes a message of one field.
func of(f method.Field) *method.Message { return &method.Message{Fields: []method.Field{f}} }

// http makes the rules "GET /path".
func http(rules ...string) (list []method.HTTPRule) {
	for _, rule := range rules {
		verb, path, _ := strings.Cut(rule, " ")
		list = append(list, method.HTTPRule{Verb: verb, Path: path})
	}
	return list
}

func TestClassify(t *testing.T) {
	const (
		sure     = false
		doubtful = true
	)
	tests := []struct {
		about string
		d     method.Description
		class method.Class
		doubt bool
		why   string // part of the first reason
	}{
		// What people state.
		{"NO_SIDE_EFFECTS", method.Description{Method: "Frobnicate", Level: method.NoSideEffects}, method.Safe, sure, "NO_SIDE_EFFECTS"},
		{"NO_SIDE_EFFECTS on a custom search", method.Description{Method: "SearchOrders", Level: method.NoSideEffects, HTTP: http("POST /v1/orders:search")}, method.Safe, sure, ""},
		{"NO_SIDE_EFFECTS against the name", method.Description{Method: "CreateOrder", Level: method.NoSideEffects}, method.Safe, doubtful, "NO_SIDE_EFFECTS"},
		{"NO_SIDE_EFFECTS against HTTP", method.Description{Method: "Frobnicate", Level: method.NoSideEffects, HTTP: http("PUT /v1/orders")}, method.Safe, doubtful, ""},
		{"IDEMPOTENT", method.Description{Method: "CreateOrder", Level: method.Idempotent}, method.Declared, sure, "IDEMPOTENT"},
		{"a directive", method.Description{Method: "CreateOrder", Declared: "the server compares keys"}, method.Declared, sure, "the server compares keys"},
		{"a directive and a token", method.Description{Method: "CreateOrder", Declared: "so it is", Request: text("request_id")}, method.Declared, sure, ""},

		// HTTP.
		{"GET", method.Description{Method: "Frobnicate", HTTP: http("GET /v1/orders")}, method.Safe, sure, "HTTP GET"},
		{"GET in all bindings", method.Description{Method: "Frobnicate", HTTP: http("GET /v1/a", "GET /v1/b")}, method.Safe, sure, ""},
		{"GET in one binding of two", method.Description{Method: "Frobnicate", HTTP: http("GET /v1/a", "POST /v1/b")}, method.Unknown, sure, ""},
		{"GET or POST of a read", method.Description{Method: "ListOrders", HTTP: http("GET /v1/a", "POST /v1/b")}, method.Safe, sure, ""},
		{"GET against the name", method.Description{Method: "CreateOrder", HTTP: http("GET /v1/orders/new"), Request: text("customer")}, method.Mutating, doubtful, "Create"},
		{"GET of a deletion", method.Description{Method: "DeleteOrder", HTTP: http("GET /v1/orders/rm")}, method.Natural, doubtful, "Delete"},
		{"PUT", method.Description{Method: "CreateOrder", HTTP: http("PUT /v1/orders/{id}"), Request: text("id")}, method.Natural, sure, "HTTP PUT"},
		{"PUT against the name", method.Description{Method: "AppendEntry", HTTP: http("PUT /v1/log"), Request: text("line")}, method.Mutating, doubtful, "Append"},
		{"DELETE", method.Description{Method: "CancelOrder", HTTP: http("DELETE /v1/{name}")}, method.Natural, sure, "HTTP DELETE"},
		{"PATCH", method.Description{Method: "UpdateOrder", HTTP: http("PATCH /v1/{name}"), Request: text("name")}, method.Mutating, doubtful, "PATCH"},
		{"POST", method.Description{Method: "Frobnicate", HTTP: http("POST /v1/orders")}, method.Unknown, sure, "POST"},

		// Names that read.
		{"Get", method.Description{Method: "GetOrder"}, method.Safe, sure, "Get"},
		{"BatchGet", method.Description{Method: "BatchGetOrders"}, method.Safe, sure, "Get"},
		{"the verb behind the noun", method.Description{Method: "MemberList"}, method.Safe, sure, "List"},
		{"a custom search", method.Description{Method: "SearchOrders", HTTP: http("POST /v1/orders:search")}, method.Safe, sure, "Search"},
		{"a search by path", method.Description{Method: "SearchOrders", HTTP: http("POST /v1/orders/search")}, method.Safe, sure, "Search"},
		{"a custom verb that does not read", method.Description{Method: "Frobnicate", HTTP: http("POST /v1/orders:search")}, method.Unknown, sure, "POST"},
		{"Get by POST", method.Description{Method: "GetToken", HTTP: http("POST /v1/tokens")}, method.Safe, doubtful, "Get"},
		{"RunQuery", method.Description{Method: "RunAggregationQuery"}, method.Safe, sure, "RunQuery"},
		{"a read with an id for traces", method.Description{Method: "GetOrder", Request: text("request_id")}, method.Safe, sure, ""},
		{"a stream to watch", method.Description{Method: "WatchOrders", ServerStreaming: true}, method.Safe, sure, ""},
		{"GetOrCreate", method.Description{Method: "GetOrCreateCart"}, method.Natural, doubtful, "Create"},
		{"GetAndUpdate", method.Description{Method: "GetAndUpdateCart"}, method.Mutating, doubtful, "Update"},
		{"CheckAndSet", method.Description{Method: "CheckAndSet"}, method.Mutating, doubtful, "Set"},
		{"ReadModifyWrite", method.Description{Method: "ReadModifyWriteRow"}, method.Mutating, doubtful, "Modify"},
		{"CheckIn", method.Description{Method: "CheckInGuest"}, method.Mutating, doubtful, "CheckIn"},
		{"Checkout", method.Description{Method: "Checkout"}, method.Unknown, sure, ""},
		{"no verb that is known", method.Description{Method: "SettleOrder"}, method.Unknown, sure, "neither"},

		// Names that say that the second time changes nothing.
		{"Set", method.Description{Method: "SetLimit"}, method.Natural, doubtful, "Set"},
		{"Upsert", method.Description{Method: "UpsertUser"}, method.Natural, doubtful, "Upsert"},
		{"Delete", method.Description{Method: "DeleteUser"}, method.Natural, doubtful, "Delete"},
		{"BatchDelete", method.Description{Method: "BatchDeleteUsers"}, method.Natural, doubtful, "Delete"},

		// Names that say that it does it again.
		{"Charge", method.Description{Method: "Charge", Request: text("account")}, method.Mutating, sure, "Charge"},
		{"Create", method.Description{Method: "CreateOrder", Request: text("customer")}, method.Mutating, sure, "Create"},
		{"BatchCreate", method.Description{Method: "BatchCreateOrders", Request: text("customer")}, method.Mutating, sure, "Create"},
		{"MemberAdd", method.Description{Method: "MemberAdd", Request: text("peer_urls")}, method.Mutating, sure, "Add"},
		{"lower case", method.Description{Method: "createOrder", Request: text("customer")}, method.Mutating, sure, "Create"},
		{"BlogPost is a noun", method.Description{Method: "BlogPost", Request: text("title")}, method.Unknown, sure, ""},
		{"Create, request unknown", method.Description{Method: "CreateOrder"}, method.Mutating, doubtful, "Create"},
		{"Create through a stream", method.Description{Method: "CreateOrders", ClientStreaming: true, Request: text("customer")}, method.Mutating, doubtful, "Create"},
		{"Update with a mask", method.Description{Method: "UpdateOrder", Request: masked("update_mask", text("order.customer"))}, method.Natural, doubtful, "update_mask"},
		{"PATCH with a mask", method.Description{Method: "PatchOrder", HTTP: http("PATCH /v1/{name}"), Request: masked("fields", text("order.customer"))}, method.Natural, doubtful, "fields"},
		{"mask of an addition", method.Description{Method: "AddOrder", Request: masked("update_mask", text("order.customer"))}, method.Mutating, sure, "Add"},
		{"mask by name only", method.Description{Method: "UpdateOrder", Request: text("update_mask")}, method.Mutating, doubtful, "Update"},
		{"token and mask of an update", method.Description{Method: "UpdateOrder", Request: masked("update_mask", text("request_id"))}, method.Token, doubtful, "request_id"},
		{"Update", method.Description{Method: "UpdateOrder", Request: text("customer")}, method.Mutating, doubtful, "Update"},
		{"BeginTransaction", method.Description{Method: "BeginTransaction", Request: text("database")}, method.Mutating, doubtful, "Begin"},
		{"CreateSession", method.Description{Method: "CreateSession", Request: text("database")}, method.Mutating, doubtful, "Create"},
		{"RunReport", method.Description{Method: "RunReport", Request: text("property")}, method.Mutating, doubtful, "RunReport"},
		{"DenyGrant is about a grant", method.Description{Method: "DenyGrant", Request: text("name")}, method.Mutating, doubtful, "Grant"},

		// An id that the client assigns.
		{"<resource>_id REQUIRED", method.Description{Method: "CreateOrder", Request: text("parent", "order_id!")}, method.Natural, doubtful, "order_id"},
		{"<resource>_id", method.Description{Method: "CreateOrder", Request: text("parent", "order_id")}, method.Mutating, doubtful, "Create"},
		{"<resource>_id without its adjective", method.Description{Method: "CreateBigOrder", Request: text("order_id")}, method.Mutating, doubtful, "Create"},
		{"words cut elsewhere", method.Description{Method: "CreateRBACRoleBinding", Request: text("rbacrolebinding_id")}, method.Mutating, doubtful, "Create"},
		{"an id in the body", method.Description{Method: "CreateOrder", Request: text("order.order_id")}, method.Mutating, doubtful, "Create"},
		{"somebody's id in the body", method.Description{Method: "CreateOrder", Request: text("order.customer_id")}, method.Mutating, sure, "Create"},
		{"the id of what it is for", method.Description{Method: "CreateInvoiceForOrder", Request: text("order_id!")}, method.Mutating, sure, "Create"},
		{"the id of where it goes", method.Description{Method: "AddItemToOrder", Request: text("order_id!", "sku")}, method.Mutating, sure, "Add"},
		{"the id of a part", method.Description{Method: "CreateOrderGroup", Request: text("group_id!")}, method.Mutating, doubtful, "Create"},
		{"the verb behind the noun, with an id", method.Description{Method: "OrderCreate", Request: text("order_id!")}, method.Natural, doubtful, "order_id"},
		{"the parent's id", method.Description{Method: "CreateOrder", Request: text("customer_id!")}, method.Mutating, sure, "Create"},
		{"a name", method.Description{Method: "CreateBucket", Request: text("name")}, method.Mutating, doubtful, "Create"},
		{"a name in the body", method.Description{Method: "CreateOrder", Request: text("order.name")}, method.Mutating, doubtful, "Create"},
		{"a name of something else", method.Description{Method: "CreateOrder", Request: text("customer.name")}, method.Mutating, sure, "Create"},
		{"Charge with a name", method.Description{Method: "Charge", Request: text("name")}, method.Mutating, sure, "Charge"},

		// Tokens.
		{"request_id", method.Description{Method: "CreateOrder", Request: text("customer", "request_id")}, method.Token, sure, "request_id"},
		{"idempotency_key", method.Description{Method: "Charge", Request: text("idempotency_key")}, method.Token, sure, "idempotency_key"},
		{"request_id of an update", method.Description{Method: "UpdateOrder", Request: text("request_id")}, method.Token, doubtful, "request_id"},
		{"request_id of who knows what", method.Description{Method: "Frobnicate", Request: text("request_id")}, method.Token, doubtful, "request_id"},
		{"an integer", method.Description{Method: "CreateOrder", Request: of(method.Field{Name: "request_id", Kind: method.IntegerKind})}, method.Mutating, sure, "Create"},
		{"a list", method.Description{Method: "CreateOrder", Request: of(method.Field{Name: "request_id", Kind: method.StringKind, Repeated: true})}, method.Mutating, sure, "Create"},
		{"one of several", method.Description{Method: "CreateOrder", Request: of(method.Field{Name: "request_id", Kind: method.StringKind, Oneof: "key"})}, method.Mutating, sure, "Create"},
		{"request_id in a stream", method.Description{Method: "SendAll", ClientStreaming: true, Request: text("request_id")}, method.Mutating, doubtful, "Send"},
		{"request_id for a stream", method.Description{Method: "Frobnicate", ServerStreaming: true, Request: text("request_id")}, method.Unknown, sure, ""},
		{"a token in a header", method.Description{Method: "Charge", Request: text("header.request_id")}, method.Mutating, doubtful, "Charge"},
		{"a number in a sequence", method.Description{Method: "AddOperations", Request: text("sequence_token")}, method.Mutating, doubtful, "Add"},
		{"part of a transaction", method.Description{Method: "Commit", Request: text("transaction")}, method.Mutating, doubtful, "Commit"},

		// Etags.
		{"etag of an update's resource", method.Description{Method: "UpdateOrder", Request: text("order.etag")}, method.Conditional, doubtful, "order.etag"},
		{"etag of a custom method", method.Description{Method: "CancelOrder", Request: text("name", "etag")}, method.Conditional, doubtful, "etag"},
		{"etag of what is created", method.Description{Method: "CreateOrder", Request: text("order.etag")}, method.Mutating, sure, "Create"},
		{"etag and token", method.Description{Method: "UpdateOrder", Request: text("request_id", "order.etag")}, method.Token, doubtful, "request_id"},
		{"Delete with an etag", method.Description{Method: "DeleteOrder", Request: text("name", "etag")}, method.Natural, doubtful, "Delete"},

		{"nothing", method.Description{}, method.Unknown, sure, "neither"},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			v := method.Classify(tt.d, method.Options{})
			if v.Class != tt.class || v.Doubt != tt.doubt {
				t.Errorf("%s, doubt %v: %s; want %s, doubt %v", v.Class, v.Doubt, strings.Join(v.Reasons, "; "), tt.class, tt.doubt)
			}
			if len(v.Reasons) == 0 || !strings.Contains(v.Reasons[0], tt.why) {
				t.Errorf("reasons %q, want the first to name %q", v.Reasons, tt.why)
			}
			trimmed := tt.d
			trimmed.Trim()
			if got := method.Classify(trimmed, method.Options{}); !reflect.DeepEqual(got, v) {
				t.Errorf("trimmed, it is %+v instead of %+v", got, v)
			}
		})
	}
}

func TestTokensAndEtags(t *testing.T) {
	d := method.Description{Method: "GetOrder", Request: text("request_id", "etag", "order.etag", "order.request_id", "trace")}
	v := method.Classify(d, method.Options{})
	if !slices.Equal(v.Tokens, []string{"request_id"}) || !slices.Equal(v.Etags, []string{"etag", "order.etag"}) {
		t.Errorf("of a safe method: tokens %q, etags %q", v.Tokens, v.Etags)
	}
	d = method.Description{Method: "CreateOrder", Request: text("trace", "request_id")}
	if v = method.Classify(d, method.Options{Tokens: []string{"trace"}}); v.Class != method.Token || !slices.Equal(v.Tokens, []string{"trace"}) {
		t.Errorf("with a name of one's own: %+v", v)
	}
}

func TestVerb(t *testing.T) {
	tests := []struct {
		name, verb string
		effect     method.Effect
	}{
		{"", "", method.Unclear},
		{"_", "", method.Unclear},
		{"Get", "Get", method.Reads},
		{"Getaway", "", method.Unclear},
		{"Setup", "", method.Unclear},
		{"get_orders", "Get", method.Reads},
		{"ListHTTPRoutes", "List", method.Reads},
		{"HTTPGet", "Get", method.Reads},
		{"Batch", "", method.Unclear},
		{"StreamingRead", "Read", method.Reads},
		{"BulkInsertRows", "Insert", method.Multiply},
		{"SendAndReceive", "Send", method.Multiply},
		{"GetAnd", "Get", method.Reads},
	}
	for _, tt := range tests {
		if verb, effect := method.Verb(tt.name); verb != tt.verb || effect != tt.effect {
			t.Errorf("Verb(%q) = %q, %d; want %q, %d", tt.name, verb, effect, tt.verb, tt.effect)
		}
	}
}

// However a method is described, there is a verdict with reasons.
func FuzzClassify(f *testing.F) {
	f.Add("GetOrCreate", "/v1/{name}:get", "request_id", uint8(0))
	f.Fuzz(func(t *testing.T, name, path, field string, bits uint8) {
		for _, verb := range []string{"", "GET", "PUT", "POST", "PATCH", "DELETE"} {
			d := method.Description{Method: name, HTTP: []method.HTTPRule{{Verb: verb, Path: path}}, Request: text(field)}
			d.ClientStreaming, d.Level = bits&1 != 0, method.Level(bits>>1&3)
			if v := method.Classify(d, method.Options{}); len(v.Reasons) == 0 || v.Class.String() == "" {
				t.Errorf("%+v: %+v", d, v)
			}
		}
	})
}
