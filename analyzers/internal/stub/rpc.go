package stub

import (
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

// An RPC is what a package of stubs knows of one of its methods, beyond how
// it is called from Go.
type RPC struct {
	FullMethod string // "/package.Service/Method"
	// Description is trimmed, and in facts without the names that
	// FullMethod has too.
	Description method.Description
	// Fields are the Go names of the request's tokens and etags, by the
	// paths that a method.Verdict names.
	Fields []RequestField
}

// A RequestField leads to a field of a request.
type RequestField struct {
	Path string   // of proto names: "order.etag"
	Go   []string // the same in Go, without getters: "Order", "Etag"
}

// rpcs describes the methods of a package's clients, and those of servers
// without a client, sorted by FullMethod.
func rpcs(pass *analysis.Pass, files *rawdesc.Files, client, server []Method) []RPC {
	var list []RPC
	known := make(map[string]bool)
	for _, m := range slices.Concat(client, server) {
		if m.FullMethod == "" || known[m.FullMethod] {
			continue
		}
		known[m.FullMethod] = true
		name := strings.TrimPrefix(m.FullMethod, "/")
		d, _, err := files.Method(name)
		if err != nil {
			d = describeByName(&m) // code without a descriptor, or a broken one
		}
		goType := requestType(pass.Pkg, &m)
		if d.Request == nil {
			d.Request = messageOf(goType, true)
		}
		v := method.Classify(d, method.Options{})
		d.Trim()
		d.Service, d.Method = "", ""
		rpc := RPC{FullMethod: m.FullMethod, Description: d}
		for _, path := range slices.Concat(v.Tokens, v.Etags) {
			if names := goPath(goType, strings.Split(path, ".")); names != nil {
				rpc.Fields = append(rpc.Fields, RequestField{path, names})
			}
		}
		list = append(list, rpc)
	}
	slices.SortFunc(list, func(a, b RPC) int { return strings.Compare(a.FullMethod, b.FullMethod) })
	return list
}

func describeByName(m *Method) method.Description {
	d := method.Description{Method: m.Name, ClientStreaming: m.ClientStream, ServerStreaming: m.ServerStream}
	if m.FullMethod != "" {
		d.Service, d.Method = names(m.FullMethod)
	}
	return d
}

// names takes "/package.Service/Method" apart.
func names(fullMethod string) (service, name string) {
	service, name, _ = strings.Cut(strings.TrimPrefix(fullMethod, "/"), "/")
	return service, name
}

// requestType returns the struct of the message that a method's caller
// passes, nil where requests are sent through a stream.
func requestType(pkg *types.Package, m *Method) *types.Named {
	if m.ClientStream {
		return nil
	}
	obj, ok := pkg.Scope().Lookup(m.Type).(*types.TypeName)
	if !ok {
		return nil
	}
	found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, m.Name)
	fn, ok := found.(*types.Func)
	if !ok {
		return nil
	}
	for param := range fn.Signature().Params().Variables() {
		if pointer, ok := types.Unalias(param.Type()).(*types.Pointer); ok {
			if named := NamedOf(pointer); named != nil {
				return named
			}
		}
	}
	return nil
}

// messageOf describes a message by the struct that it is in Go. That is
// all there is of messages from packages without stubs: their fields'
// options are not to be seen.
func messageOf(named *types.Named, deep bool) *method.Message {
	if named == nil {
		return nil
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	m := &method.Message{Name: named.Obj().Name()}
	known := s.NumFields() == 0
	for i := range s.NumFields() {
		tag := reflect.StructTag(s.Tag(i))
		if tag.Get("protobuf_oneof") != "" {
			known = true // the members are in types of their own: alternatives are no tokens
			continue
		}
		f, ok := fieldOf(s.Field(i).Type(), tag.Get("protobuf"))
		if !ok {
			known = known || s.Field(i).Name() == "state" || s.Field(i).Name() == "XXX_unrecognized"
			continue
		}
		known = true
		if deep && f.Kind == method.MessageKind && !f.Repeated {
			f.Message = messageOf(NamedOf(s.Field(i).Type()), false)
		}
		m.Fields = append(m.Fields, f)
	}
	if !known {
		return nil // no message
	}
	return m
}

// fieldOf reads a generated field's tag: "bytes,2,opt,name=request_id,proto3".
func fieldOf(t types.Type, tag string) (f method.Field, ok bool) {
	parts := strings.Split(tag, ",")
	if len(parts) < 4 {
		return f, false
	}
	f.Repeated, f.Required = parts[2] == "rep", parts[2] == "req"
	for _, part := range parts[3:] {
		if name, ok := strings.CutPrefix(part, "name="); ok {
			f.Name = name
		}
		if part == "oneof" && !isOptional(t) {
			f.Oneof = "?"
		}
	}
	elem := t
	if f.Repeated {
		switch u := t.Underlying().(type) {
		case *types.Slice:
			elem = u.Elem()
		case *types.Map:
			f.Kind = method.MessageKind
			return f, f.Name != ""
		}
	}
	f.Kind = kindOf(elem, parts[0], slices.ContainsFunc(parts[3:], func(p string) bool { return strings.HasPrefix(p, "enum=") }))
	return f, f.Name != ""
}

// isOptional: a proto3 optional field is a pointer to a scalar, or bytes.
func isOptional(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		_, basic := t.Elem().Underlying().(*types.Basic)
		return basic
	case *types.Slice:
		return true
	}
	return false
}

func kindOf(t types.Type, wire string, enum bool) method.Kind {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		if _, basic := p.Elem().Underlying().(*types.Basic); !basic {
			return method.MessageKind
		}
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case enum:
		case u.Info()&types.IsString != 0:
			return method.StringKind
		case u.Info()&types.IsInteger != 0:
			return method.IntegerKind
		}
	case *types.Slice:
		if wire == "bytes" {
			return method.BytesKind
		}
	case *types.Struct:
		return method.MessageKind // gogo's nullable=false
	}
	return method.OtherKind
}

// goPath translates proto names to Go's by the tags of generated structs.
// The opaque API hides fields, and names them by their getters.
func goPath(named *types.Named, path []string) []string {
	var names []string
	for _, part := range path {
		if named == nil {
			return nil
		}
		s, ok := named.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		named = nil
		for i := range s.NumFields() {
			tag := reflect.StructTag(s.Tag(i)).Get("protobuf")
			if f, ok := fieldOf(s.Field(i).Type(), tag); ok && f.Name == part {
				names = append(names, strings.TrimPrefix(s.Field(i).Name(), "xxx_hidden_"))
				named = NamedOf(s.Field(i).Type())
			}
		}
	}
	if len(names) != len(path) {
		return nil
	}
	return names
}

// rpc finds what is known of a method in the facts of this package and of
// its imports.
func (x *Index) rpc(m *Method) *RPC {
	if m == nil || m.FullMethod == "" {
		return nil
	}
	return x.rpcs()[m.FullMethod]
}

// rpcsOf makes the map of all RPCs, by full name. Where two packages have
// stubs of one service, the one that knows its request wins.
func rpcsOf(known fact.Index[told]) map[string]*RPC {
	byName := make(map[string]*RPC)
	paths := slices.Sorted(maps.Keys(known))
	for _, path := range paths {
		for i := range known[path].RPCs {
			rpc := known[path].RPCs[i] // a copy: facts belong to all who import the package
			if old := byName[rpc.FullMethod]; old == nil || old.Description.Request == nil && rpc.Description.Request != nil {
				rpc.Description.Service, rpc.Description.Method = names(rpc.FullMethod)
				byName[rpc.FullMethod] = &rpc
			}
		}
	}
	for _, path := range paths {
		for _, row := range known[path].Declared.Rows {
			declared := &row.Is
			if rpc := byName[declared.FullMethod]; rpc != nil && rpc.Description.Declared == "" {
				rpc.Description.Declared = declared.Reason
			}
		}
	}
	return byName
}

// Verdict says what a second call of an RPC does. Of one that is known by
// nothing else, the name is judged. A directive at a handler counts in the
// packages that know it.
func (x *Index) Verdict(m *Method) method.Verdict {
	return method.Classify(x.Description(m), method.Options{})
}

// Description returns what is known of an RPC. It is not to be changed.
func (x *Index) Description(m *Method) method.Description {
	if m == nil {
		return method.Description{}
	}
	if rpc := x.rpc(m); rpc != nil {
		return rpc.Description
	}
	return describeByName(m)
}

// RequestField returns how Go code reaches a token or etag of an RPC's
// request, by the path that the RPC's Verdict names: "Order", "Etag" for
// "order.etag". It returns nil for a field that is not to be reached so.
func (x *Index) RequestField(m *Method, path string) []string {
	if rpc := x.rpc(m); rpc != nil {
		for _, f := range rpc.Fields {
			if f.Path == path {
				return f.Go
			}
		}
	}
	return nil
}
