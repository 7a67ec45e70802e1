package connretry

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/configsite"
	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// A Conn is a connection as its dial made it: with retries of its own, or
// without.
type Conn struct {
	// Dial is the call of grpc.NewClient and the like, nil if it is in
	// another package.
	Dial *ssa.Call
	// Services are those of the clients that are made of it.
	Services []string
	// Unary and Stream are retry interceptors of go-grpc-middleware;
	// UnaryCall is where the former is made in this package.
	Unary, Stream *retryshape.Layer
	UnaryCall     *ssa.Call

	text   string // of the service config
	limit  int    // of WithMaxCallAttempts
	at     finding.Remote
	config *serviceconfig.Config
}

// A Dialled is a function that returns a connection, or a client on one.
type Dialled struct {
	Service       string // of the client, "" for a connection
	Unary, Stream *retryshape.Layer
	Config        string // the service config, "" for none
	ConfigAt      finding.Remote
	Limit         int
}

// An Upload is the call of an RPC whose client sends a stream, on a
// connection with a retry interceptor for streams.
type Upload struct {
	Call *ssa.Call
	RPC  string // "/package.Service/Method"
	Conn *Conn
}

// Of returns the connection of a service's clients in the package, if there
// is one dial for it and that is known; else nil.
func (i *Info) Of(fullMethod string) *Conn {
	service, _, _ := strings.Cut(strings.TrimPrefix(fullMethod, "/"), "/")
	return i.services[service]
}

// Policy returns what the connection's service config does about a failed
// RPC, nil for nothing.
func (c *Conn) Policy(fullMethod string) *retryshape.Layer {
	if c.config == nil {
		return nil
	}
	retry := c.config.Method(strings.TrimPrefix(fullMethod, "/")).Retry
	if retry == nil || retry.Attempts < 2 {
		return nil
	}
	return &retryshape.Layer{Name: "the service config", Attempts: retry.Attempts, Codes: codesNamed(retry.Codes), At: c.at}
}

// PolicyOf returns the first policy that is for one of the connection's
// services, and what it is for; if these are not known, the first.
func (c *Conn) PolicyOf() (layer *retryshape.Layer, name string) {
	if c.config == nil {
		return nil, ""
	}
	for _, name := range c.config.Names() {
		service, _, _ := strings.Cut(name, "/")
		if len(c.Services) > 0 && name != "" && !slices.Contains(c.Services, service) {
			continue
		}
		if layer := c.Policy(name); layer != nil {
			return layer, name
		}
	}
	return nil, ""
}

// connections finds the dials behind the package's clients.
func (x *conns) connections(info *Info) {
	for _, d := range x.pass.ResultOf[dial.Analyzer].(*dial.Info).Dials {
		if testcode.Is(x.pass, d.Instr.Pos()) {
			continue
		}
		c := x.connOf(d)
		x.known[d.Instr] = c
		if c.Unary != nil || c.Stream != nil || c.config != nil {
			info.Conns = append(info.Conns, c)
		}
	}
	info.services = make(map[string]*Conn)
	note := func(service string, c *Conn) {
		if c != nil && !slices.Contains(c.Services, service) {
			c.Services = append(c.Services, service)
		}
		if known, ok := info.services[service]; ok && known != c {
			c = nil // several: which of them an RPC takes is not known
		}
		info.services[service] = c
	}
	for _, fn := range x.Program.Funcs {
		if testcode.Is(x.pass, fn.Pos()) {
			continue
		}
		if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
			for p := range obj.Signature().Params().Variables() {
				if service := x.stubs.ServiceOfClient(p.Type()); service != "" {
					note(service, nil) // whoever calls it brings a client
				}
			}
		}
	}
	for call := range x.calls {
		obj := program.CalledObject(&call.Call)
		if obj == nil {
			continue
		}
		if service := x.stubs.ServiceOf(obj); service != "" && len(call.Call.Args) == 1 {
			note(service, x.connBehind(call.Call.Args[0]))
		} else if d := x.importedDial(call, obj); d != nil && d.Service != "" {
			note(d.Service, x.connFrom(call, d))
		} else if d == nil && obj.Pkg() != x.pass.Pkg {
			for result := range obj.Signature().Results().Variables() {
				if service := x.stubs.ServiceOfClient(elementOf(result.Type())); service != "" {
					note(service, nil) // a client from elsewhere
				}
			}
		}
	}
	x.uploads(info)
}

// elementOf is what a list, a map or a channel holds; other types as they are.
func elementOf(t types.Type) types.Type {
	if list, ok := t.Underlying().(interface{ Elem() types.Type }); ok {
		if _, pointer := list.(*types.Pointer); !pointer {
			return list.Elem()
		}
	}
	return t
}

// connOf reads the options of a dial.
func (x *conns) connOf(d *dial.Call) *Conn {
	c := &Conn{Dial: d.Instr}
	disabled := false
	var config *ssa.Call
	for i := range d.Options.List {
		o := &d.Options.List[i]
		call := o.Call()
		if o.Name == "WithDisableRetry" {
			disabled = true
			continue
		}
		if call == nil || !o.Sure && o.Name != "WithDefaultCallOptions" {
			continue // made elsewhere, or there sometimes
		}
		switch o.Name {
		case "WithUnaryInterceptor", "WithChainUnaryInterceptor":
			if made := x.interceptorAmong(call, "UnaryClientInterceptor"); made != nil {
				c.Unary, c.UnaryCall = x.interceptorLayer(made), made
			}
		case "WithStreamInterceptor", "WithChainStreamInterceptor":
			if made := x.interceptorAmong(call, "StreamClientInterceptor"); made != nil {
				c.Stream = x.interceptorLayer(made)
			}
		case "WithDefaultServiceConfig":
			config = call
		case "WithMaxCallAttempts":
			c.limit, _ = intOf(program.SignatureArg(call, 0))
		}
	}
	for i := range d.Options.List {
		o := &d.Options.List[i]
		if call := o.Call(); o.Name == "WithDefaultCallOptions" && (call == nil || slices.ContainsFunc(x.OptionCalls(call), isMiddlewareOption)) {
			c.Unary, c.Stream = nil, nil // all calls say something of their own
		}
	}
	if config != nil && !disabled {
		c.text, c.at = x.configText(config), x.placeOf(config)
		x.readConfig(c)
	}
	return c
}

func isMiddlewareOption(o codeflow.Option) bool {
	return o.Func == nil || retryshape.IsMiddlewareRetry(codeflow.PathOf(o.Func))
}

func intOf(v ssa.Value) (int, bool) {
	n, ok := codeflow.ConstInt(v)
	return int(n), ok
}

// interceptorAmong finds the retry interceptor among those of an option.
func (x *conns) interceptorAmong(call *ssa.Call, name string) *ssa.Call {
	return x.chained(call, name, make(map[*ssa.Call]bool))
}

// chained is interceptorAmong for an option, or for a chain inside of one. A
// chain may be stored back into the variable that it is made of.
func (x *conns) chained(call *ssa.Call, name string, seen map[*ssa.Call]bool) *ssa.Call {
	if seen[call] {
		return nil
	}
	seen[call] = true
	var values []ssa.Value
	for _, arg := range call.Call.Args {
		if _, isSlice := arg.Type().Underlying().(*types.Slice); isSlice {
			values = append(values, x.Elements(arg)...)
		} else {
			values = append(values, arg)
		}
	}
	for _, v := range values {
		made, ok := x.Origin(v).(*ssa.Call)
		if !ok {
			continue
		}
		obj := program.CalledObject(made.Common())
		switch {
		case obj == nil:
		case obj.Name() == name && retryshape.IsMiddlewareRetry(codeflow.PathOf(obj)):
			return made
		case strings.HasPrefix(obj.Name(), "Chain") && codeflow.Versionless(codeflow.PathOf(obj)) == "github.com/grpc-ecosystem/go-grpc-middleware":
			if inner := x.chained(made, name, seen); inner != nil {
				return inner
			}
		}
	}
	return nil
}

// interceptorLayer reads the options of a retry interceptor, nil if it does
// nothing or that is not known.
func (x *conns) interceptorLayer(call *ssa.Call) *retryshape.Layer {
	layer, sure := retryshape.MiddlewareLayer(x.Values, x.OptionCalls(call))
	if layer == nil || !sure {
		return nil
	}
	obj := program.CalledObject(&call.Call)
	layer.Name, layer.At = obj.Pkg().Name()+"."+obj.Name(), x.placeOf(call)
	return layer
}

// configText is the one text of a service config option, "" if it is not
// known.
func (x *conns) configText(call *ssa.Call) string {
	for _, site := range x.pass.ResultOf[configsite.Analyzer].([]configsite.Site) {
		if site.Call.Lparen == call.Pos() && site.Complete && len(site.Texts) == 1 {
			return string(site.Texts[0].Bytes)
		}
	}
	return ""
}

// maxConfig bounds what a fact carries.
const maxConfig = 16 << 10

func (x *conns) readConfig(c *Conn) {
	if c.text == "" || len(c.text) > maxConfig || x.stubs.Version == "" {
		return // whether this version retries by itself is not known
	}
	config, err := serviceconfig.Read([]byte(c.text), serviceconfig.Options{
		GRPCGo: x.stubs.Version, Dialect: serviceconfig.Runtime, MaxCallAttempts: c.limit,
	})
	if err == nil {
		c.config = config
	}
}

func configName(code int) string { return serviceconfig.CodeName(code) }

// connBehind is the connection that a client is made of, nil if its dial is
// not known.
func (x *conns) connBehind(v ssa.Value) *Conn {
	v = x.Origin(v)
	if extract, ok := v.(*ssa.Extract); ok && extract.Index == 0 {
		v = extract.Tuple
	}
	call, ok := x.Root(v).(*ssa.Call)
	if !ok {
		return nil
	}
	if c, ok := x.known[call]; ok {
		return c
	}
	if d := x.importedDial(call, program.CalledObject(&call.Call)); d != nil && d.Service == "" {
		return x.connFrom(call, d)
	}
	return nil
}

// dialledBy tells what a function returns: a connection, or a client on one;
// nil if that is not known, or not one.
func (x *conns) dialledBy(fn *ssa.Function) *Dialled {
	service := ""
	var conn *Conn
	for _, ret := range program.Returned(fn, 0) {
		v := x.Root(ret.Value)
		if c, ok := v.(*ssa.Const); ok && c.IsNil() {
			continue // beside an error
		}
		s := ""
		if made, ok := v.(*ssa.Call); ok && len(made.Call.Args) == 1 {
			if s = x.stubs.ServiceOf(program.CalledObject(&made.Call)); s != "" {
				v = made.Call.Args[0]
			}
		}
		c := x.connBehind(v)
		if c == nil || conn != nil && (c != conn || s != service) {
			return nil // on this way it is something else
		}
		conn, service = c, s
	}
	if conn == nil {
		return nil
	}
	return &Dialled{Service: service, Unary: conn.Unary, Stream: conn.Stream, Config: conn.text, ConfigAt: conn.at, Limit: conn.limit}
}

// importedDial is what a function of another package returns.
func (x *conns) importedDial(call *ssa.Call, obj *types.Func) *Dialled {
	told := x.toldOf(obj)
	if told == nil || call.Call.IsInvoke() {
		return nil
	}
	return told.Dialled.Of(obj)
}

// connFrom makes a connection of a fact, once for each call.
func (x *conns) connFrom(call *ssa.Call, d *Dialled) *Conn {
	if c, ok := x.known[call]; ok {
		return c
	}
	c := &Conn{Unary: d.Unary, Stream: d.Stream, text: d.Config, limit: d.Limit, at: d.ConfigAt}
	x.readConfig(c)
	x.known[call] = c
	return c
}

// dialledFacts tells importers who dials for them.
func (x *conns) dialledFacts() fact.Table[Dialled] {
	var table fact.Table[Dialled]
	for _, fn := range x.Program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || !x.mayDial(fn) || testcode.Is(x.pass, fn.Pos()) {
			continue
		}
		if d := x.dialledBy(fn); d != nil {
			table.AddFunc(obj, *d)
		}
	}
	table.Sort()
	return table
}

// mayDial: the first result is a connection or a generated client.
func (x *conns) mayDial(fn *ssa.Function) bool {
	if fn.Signature.Results().Len() == 0 {
		return false
	}
	t := fn.Signature.Results().At(0).Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	if named.Obj().Pkg().Path() == stub.GRPCPath {
		return strings.HasPrefix(named.Obj().Name(), "ClientConn")
	}
	return x.stubs.IsClient(named.Obj())
}

// uploads finds the calls that a stream interceptor refuses: it has to keep
// what it sends again.
func (x *conns) uploads(info *Info) {
	for instr := range x.Program.Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok {
			continue
		}
		m := x.stubs.RPC(program.CalledObject(&call.Call))
		if m == nil || !m.ClientStream {
			continue
		}
		conn := info.Of(m.FullMethod)
		if conn == nil || conn.Stream == nil || slices.ContainsFunc(x.OptionCalls(call), isMiddlewareOption) {
			continue // the call may switch retries off
		}
		info.Uploads = append(info.Uploads, &Upload{call, m.FullMethod, conn})
	}
}

// toldOf returns what the package of a function has told, nil for nothing.
func (x *conns) toldOf(obj *types.Func) *told {
	if obj == nil || obj.Pkg() == x.pass.Pkg {
		return nil
	}
	return x.imports.Of(obj)
}

func (x *conns) placeOf(call *ssa.Call) finding.Remote {
	return finding.RemoteAt(x.pass.Fset, x.pass.Pkg.Path(), x.Program.CallPos(call), token.NoPos)
}
