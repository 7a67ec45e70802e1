package lint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/rule"
)

// What somebody has written beside generated code may do what handlers do not:
// interceptors reach it through interfaces.
func TestBesideGeneratedCode(t *testing.T) {
	t.Setenv("GOWORK", "off")
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	const identified = `package paypb

// SetRequestIDIfBlank makes the request one that can be told from others.
func (x *RefundRequest) SetRequestIDIfBlank(id string) string {
	if x.RequestId == "" {
		x.RequestId = id
	}
	return x.RequestId
}
`
	text, err := os.ReadFile(filepath.Join(dir, "stubs", "gogopb", "gogo.pb.go"))
	if err != nil {
		t.Fatal(err)
	}
	const message = "type GetRequest struct {\n"
	if !strings.Contains(string(text), message) {
		t.Fatal("there is no GetRequest")
	}
	// As gogo's option customtype makes it, with an Unmarshal that sees to it
	// that there is an Item.
	const parts = "\tParts []Part `protobuf:\"bytes,9,rep,name=parts,proto3,customtype=Part\" json:\"parts\"`\n\tItem *Item `protobuf:\"bytes,10,opt,name=item,proto3\" json:\"item\"`\n"
	custom := strings.Replace(string(text), message, message+parts, 1)
	const part = "package gogopb\n\ntype Part struct{ *Item }\n"
	const handler = `package custom

import (
	"context"

	"example.com/testdata/stubs/gogopb"
)

type server struct{ gogopb.UnimplementedGogoServiceServer }

func (server) Get(ctx context.Context, req *gogopb.GetRequest) (*gogopb.Item, error) {
	name := ""
	for _, part := range req.Parts {
		name += part.Name
	}
	return &gogopb.Item{Name: name + req.Item.Name}, nil
}
`
	in := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	report := Run(Options{
		Cache: cache.User(), Dir: dir, Patterns: []string{"./server/unreadkey", "./server/custom"}, Policy: everything{}, Severity: rule.Info,
		Overlay: map[string][]byte{
			in("stubs/paypb/identified.go"): []byte(identified),
			in("stubs/gogopb/gogo.pb.go"):   []byte(custom),
			in("stubs/gogopb/part.go"):      []byte(part),
			in("server/custom/custom.go"):   []byte(handler),
		},
	})
	for _, e := range report.Errors {
		t.Errorf("%+v", e)
	}
	var keys, fields []string
	for _, f := range report.Findings {
		switch f.Rule.ID {
		case "server/unread-key":
			keys = append(keys, f.Method+" "+f.Message)
		case "server/nil-field":
			fields = append(fields, f.Message)
		}
	}
	if len(keys) == 0 || slices.ContainsFunc(keys, func(m string) bool { return strings.Contains(m, "Refund") }) {
		t.Errorf("server/unread-key: %q, want those of CreateOrder only", keys)
	}
	if len(fields) != 1 || !strings.Contains(fields[0], "req.Item.Name") {
		t.Errorf("server/nil-field: %q, want that of req.Item only", fields)
	}
}
