package serviceconfig_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// of is a method of that class, as "Name", "Name stream", "stream Name" or
// "stream Name stream".
func of(class method.Class, names ...string) []serviceconfig.Method {
	var methods []serviceconfig.Method
	for _, name := range names {
		var m serviceconfig.Method
		name, m.ClientStream = strings.CutPrefix(name, "stream ")
		name, m.ServerStream = strings.CutSuffix(name, " stream")
		name, doubt := strings.CutSuffix(name, "?")
		m.Name = name
		m.Verdict = func() method.Verdict {
			return method.Verdict{Class: class, Doubt: doubt, Reasons: []string{"it is " + class.String()}}
		}
		methods = append(methods, m)
	}
	return methods
}

func service(name string, methods ...[]serviceconfig.Method) serviceconfig.Service {
	s := serviceconfig.Service{Name: name}
	for _, m := range methods {
		s.Methods = append(s.Methods, m...)
	}
	return s
}

// shop is an index with a package that is known whole, and one that is known
// in part.
func shop() *serviceconfig.Methods {
	m := new(serviceconfig.Methods)
	m.Add(service("shop.v1.OrderService",
		of(method.Safe, "GetOrder", "ListOrders", "WatchOrders stream", "ExportOrders stream"),
		of(method.Mutating, "PlaceOrder", "UpdateOrder?", "stream UploadOrders", "stream Chat stream"),
		of(method.Token, "CreateOrder"), of(method.Natural, "DeleteOrder"), of(method.Conditional, "ReplaceOrder"),
		of(method.Unknown, "Frobnicate")))
	m.Add(service("shop.v1.Stock", of(method.Safe, "Get", "List"), of(method.Declared, "Put")))
	m.AddPackage("shop.v1")
	m.Add(service("pay.v1.PaymentService", of(method.Safe, "GetPayment"), of(method.Mutating, "Charge", "Refund", "Transfer")))
	m.Add(service("pay.v1.LedgerV1", of(method.Safe, "GetEntry")))
	m.Add(service("grpc.health.v1.Health", of(method.Safe, "Check", "Watch stream")))
	m.Add(service("solo.Only", of(method.Mutating, "Start", "Stop")))
	return m
}

// No name that exists is reported, and none that nothing is known of, by
// whatever part of the index it is known, in whatever entry it stands.
func TestExistingNames(t *testing.T) {
	known := shop()
	var names []string
	for _, s := range known.Services() {
		names = append(names, fmt.Sprintf(`{"service":%q}`, s.Name))
		for _, m := range s.Methods {
			names = append(names, fmt.Sprintf(`{"service":%q,"method":%q}`, s.Name, m.Name))
		}
	}
	for _, foreign := range []string{"shop.v2.OrderService", "com.example.Greeter", "google.longrunning.Operations", "a.AdminServer", "x.y.ThinClient", "Lonely", "pay.v1.LedgerV2", "pay.v1.Fees"} {
		names = append(names, fmt.Sprintf(`{"service":%q}`, foreign), fmt.Sprintf(`{"service":%q,"method":"Get"}`, foreign))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		cut := 1 + random.IntN(len(names)-1)
		config := fmt.Sprintf(`{"methodConfig":[{"name":[%s],"timeout":"1s"},{"name":[%s]}]}`, strings.Join(names[:cut], ","), strings.Join(names[cut:], ","))
		for _, opts := range everyOption {
			opts.Methods = known
			file, findings := check(t, "config.json", config, opts)
			invariants(t, file, config, findings)
			for _, f := range findings {
				if name := f.Rule.Name(); name == "unknown-service" || name == "unknown-method" {
					t.Fatalf("%s in\n%s", f.Message, config)
				}
			}
		}
	}
}

// A name that exists, with one character changed, taken or added, is not
// taken for right where all names are known; and the fix, where there is
// one, writes a name that exists.
func TestMisspelledNames(t *testing.T) {
	known := shop()
	exists := func(service, m string) bool {
		if m == "" {
			return known.Service(service) != nil
		}
		return known.Method(service, m) != nil
	}
	random := rand.New(rand.NewPCG(3, 4))
	letters := []rune("abcxyzABC019_ ./")
	slip := func(name string) string {
		runes := []rune(name)
		i := random.IntN(len(runes))
		switch random.IntN(3) {
		case 0:
			runes[i] = letters[random.IntN(len(letters))]
		case 1:
			runes = append(runes[:i], runes[i+1:]...)
		default:
			runes = append(runes[:i], append([]rune{letters[random.IntN(len(letters))]}, runes[i:]...)...)
		}
		return string(runes)
	}
	for range 2_000 {
		const service = "shop.v1.OrderService"
		method := slip("ListOrders")
		if method == "" || exists(service, method) {
			continue
		}
		config := fmt.Sprintf(`{"methodConfig":[{"name":[{"service":%q,"method":%q}]}]}`, service, method)
		_, findings := check(t, "config.json", config, serviceconfig.Options{Methods: known})
		unknown := 0
		for _, f := range findings {
			if f.Rule.Name() != "unknown-method" {
				continue
			}
			unknown++
			for _, fix := range f.Fixes {
				for _, e := range fix.Edits {
					if name := strings.Trim(e.NewText, `"`); !exists(service, name) {
						t.Errorf("%q is fixed to %q", method, name)
					}
				}
			}
		}
		if unknown != 1 {
			t.Errorf("%q is reported %d times", method, unknown)
		}
	}
}

// What is known from two sides is known once, and nothing of it is lost.
func TestJoin(t *testing.T) {
	a, b := shop(), new(serviceconfig.Methods)
	b.Add(service("shop.v1.OrderService", of(method.Mutating, "GetOrder", "Extra")))
	b.Add(service("other.Service", of(method.Safe, "Get")))
	b.AddPackage("empty")
	a.Join(b)
	a.Join(nil)
	if got := a.Method("shop.v1.OrderService", "GetOrder").Verdict().Class; got != method.Safe {
		t.Errorf("GetOrder is %v: what was said first counts", got)
	}
	if a.Method("shop.v1.OrderService", "Extra") == nil || a.Method("other.Service", "Get") == nil {
		t.Error("something was lost")
	}
	_, findings := check(t, "a.json", `{"methodConfig":[{"name":[{"service":"empty.S"},{"service":"other.Unheard"}]}]}`, serviceconfig.Options{Methods: a})
	if len(findings) != 1 || findings[0].Effect != finding.Ignored || !strings.Contains(findings[0].Message, "no service S") {
		t.Errorf("%+v", findings)
	}
	var none *serviceconfig.Methods
	if none.Services() != nil || none.Service("a") != nil || none.Method("a", "b") != nil {
		t.Error("nil knows something")
	}
}
