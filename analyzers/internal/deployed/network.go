package deployed

import (
	"go/constant"
	"go/types"
	"net"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
)

// served notes on which ports the package serves gRPC, with which credentials
// and limits.
func (c *collector) served() {
	if !c.servers.MakesServers() && !c.servers.Held {
		return
	}
	p := c.servers.SSA()
	for _, fn := range p.Funcs {
		for _, d := range c.servers.Does(fn) {
			if d.Kind != serving.Serve && d.Kind != serving.ServeInBackground {
				continue
			}
			call, ok := d.Instr.(ssa.CallInstruction)
			if !ok || d.Via {
				continue
			}
			args := program.Args(call.Common())
			if len(args) < 2 {
				continue
			}
			if port := listens(args[1], maxSteps); port != 0 {
				c.told.Ports = append(c.told.Ports, port)
			}
		}
	}
	for _, s := range c.servers.Servers() {
		switch tls := withTLS(s); {
		case tls:
			c.told.TLS = true
		default:
			c.told.Plain = true
		}
		for _, option := range s.Options.List {
			for _, limit := range option.Detail.Limits {
				if limit.Name == "MaxRecvMsgSize" {
					c.told.MaxReceive = max(c.told.MaxReceive, limit.Value)
				}
			}
		}
	}
}

// withTLS reports whether a server is known to have credentials of TLS, always.
func withTLS(s *serving.Server) bool {
	if !s.Options.Known() {
		return false
	}
	for _, option := range s.Options.List {
		if option.Name != "Creds" || !option.Sure || option.Call() == nil {
			continue
		}
		args := option.Call().Call.Args
		return len(args) == 1 && isTLS(args[0], maxSteps)
	}
	return false
}

// maxSteps is how far values are followed back.
const maxSteps = 12

func isTLS(v ssa.Value, steps int) bool {
	if steps == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		fn := program.CalledObject(&v.Call)
		if fn == nil || fn.Pkg() == nil {
			return false
		}
		switch fn.Name() {
		case "NewTLS", "NewServerTLSFromFile", "NewServerTLSFromCert":
			return fn.Pkg().Path() == "google.golang.org/grpc/credentials"
		}
	case *ssa.Extract:
		return isTLS(v.Tuple, steps-1)
	case *ssa.MakeInterface:
		return isTLS(v.X, steps-1)
	case *ssa.Phi:
		for _, e := range v.Edges {
			if !isTLS(e, steps-1) {
				return false
			}
		}
		return len(v.Edges) > 0
	}
	return false
}

// listens returns the port of a listener that net.Listen makes, 0 if it is not
// known.
func listens(v ssa.Value, steps int) int {
	if steps == 0 {
		return 0
	}
	switch v := v.(type) {
	case *ssa.Extract:
		return listens(v.Tuple, steps-1)
	case *ssa.MakeInterface:
		return listens(v.X, steps-1)
	case *ssa.ChangeInterface:
		return listens(v.X, steps-1)
	case *ssa.Call:
		fn := program.CalledObject(&v.Call)
		if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "net" || fn.Name() != "Listen" && fn.FullName() != "(*net.ListenConfig).Listen" {
			return 0
		}
		args := program.Args(&v.Call)
		return portIn(args[len(args)-1], maxSteps)
	}
	return 0
}

// portIn returns the port at the end of an address: of a constant, of the
// default of a flag, of what Sprintf and + make of these.
func portIn(v ssa.Value, steps int) int {
	if steps == 0 || v == nil {
		return 0
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return 0
		}
		if n, ok := constant.Int64Val(constant.ToInt(v.Value)); ok && v.Value.Kind() == constant.Int {
			return int(n)
		}
		if v.Value.Kind() == constant.String {
			return portOf(constant.StringVal(v.Value))
		}
	case *ssa.MakeInterface:
		return portIn(v.X, steps-1)
	case *ssa.Convert:
		return portIn(v.X, steps-1)
	case *ssa.BinOp:
		return portIn(v.Y, steps-1)
	case *ssa.UnOp:
		if global, ok := v.X.(*ssa.UnOp); ok {
			return flagDefault(global.X, steps-1)
		}
		return flagDefault(v.X, steps-1)
	case *ssa.Call:
		fn := program.CalledObject(&v.Call)
		if fn == nil || fn.Pkg() == nil {
			return 0
		}
		switch fn.FullName() {
		case "fmt.Sprintf":
			return lastOperand(v, steps-1)
		case "net.JoinHostPort", "strconv.Itoa":
			args := program.Args(&v.Call)
			return portIn(args[len(args)-1], steps-1)
		}
	}
	return 0
}

// lastOperand returns the port that Sprintf writes last: of ":%d" and "%s:%d".
func lastOperand(call *ssa.Call, steps int) int {
	args := call.Call.Args
	format, ok := args[0].(*ssa.Const)
	if !ok || format.Value == nil || !strings.HasSuffix(constant.StringVal(format.Value), "%d") && !strings.HasSuffix(constant.StringVal(format.Value), "%s") && !strings.HasSuffix(constant.StringVal(format.Value), "%v") {
		return 0
	}
	slice, ok := args[1].(*ssa.Slice)
	if !ok {
		return 0
	}
	last, port := int64(-1), 0
	for _, user := range *slice.X.Referrers() {
		element, ok := user.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		index, ok := element.Index.(*ssa.Const)
		if !ok {
			return 0
		}
		for _, by := range *element.Referrers() {
			if store, ok := by.(*ssa.Store); ok && index.Int64() > last {
				last, port = index.Int64(), portIn(store.Val, steps)
			}
		}
	}
	return port
}

// flagDefault returns the port that a flag, held by a package variable or by a
// local one, has if nobody sets it.
func flagDefault(v ssa.Value, steps int) int {
	if steps <= 0 {
		return 0
	}
	switch v := v.(type) {
	case *ssa.Global:
		init := v.Pkg.Func("init")
		if init == nil {
			return 0
		}
		for _, block := range init.Blocks {
			for _, instr := range block.Instrs {
				if store, ok := instr.(*ssa.Store); ok && store.Addr == v {
					if call, ok := store.Val.(*ssa.Call); ok {
						return flagDefault(call, steps-1)
					}
					return portIn(store.Val, steps-1)
				}
			}
		}
	case *ssa.UnOp:
		return flagDefault(v.X, steps-1)
	case *ssa.Call:
		fn := program.CalledObject(&v.Call)
		if fn == nil || fn.Pkg() == nil || !strings.HasSuffix(fn.Pkg().Path(), "flag") && fn.Pkg().Path() != "github.com/spf13/pflag" {
			return 0
		}
		if args := program.Args(&v.Call); len(args) >= 2 {
			return portIn(args[1], steps-1)
		}
	}
	return 0
}

// portOf reads "50051", ":50051" and "0.0.0.0:50051".
func portOf(address string) int {
	text := address
	if _, port, err := net.SplitHostPort(address); err == nil {
		text = port
	}
	n, err := strconv.Atoi(strings.TrimPrefix(text, ":"))
	if err != nil || n < 1 || n > 65535 {
		return 0
	}
	return n
}

// dials notes what is dialled with round_robin.
func (c *collector) dials() {
	for _, call := range c.servers.Connections() {
		if !c.balances(call) {
			continue
		}
		args := program.Args(&call.Call)
		i := 0
		if fn := program.CalledObject(&call.Call); fn != nil && fn.Name() == "DialContext" {
			i = 1
		}
		if len(args) > i {
			if t, ok := c.target(args[i], maxSteps); ok {
				c.told.Balances = append(c.told.Balances, t)
			}
		}
	}
}

// balances reports whether a connection has an option that chooses round_robin.
func (c *collector) balances(call *ssa.Call) bool {
	for _, option := range c.servers.OptionsOf(call).List {
		if option.Name != "WithDefaultServiceConfig" && option.Name != "WithBalancerName" || option.Call() == nil || len(option.Call().Call.Args) != 1 {
			continue
		}
		if v, ok := option.Call().Call.Args[0].(*ssa.Const); ok && v.Value != nil && strings.Contains(constant.StringVal(v.Value), "round_robin") {
			return true
		}
	}
	return false
}

// target returns what is dialled: a constant, or a variable of the environment.
func (c *collector) target(v ssa.Value, steps int) (report.DialTarget, bool) {
	if steps == 0 {
		return report.DialTarget{}, false
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.String {
			return report.DialTarget{Address: constant.StringVal(v.Value)}, true
		}
	case *ssa.BinOp: // "dns:///" + addr
		if t, ok := c.target(v.Y, steps-1); ok {
			return t, true
		}
	case *ssa.Extract:
		return c.target(v.Tuple, steps-1)
	case *ssa.Call:
		fn := program.CalledObject(&v.Call)
		for _, arg := range program.Args(&v.Call) {
			if k, ok := arg.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.String {
				if name := constant.StringVal(k.Value); variable.MatchString(name) || isEnv(fn) {
					return report.DialTarget{Env: name}, true
				}
			}
		}
	case *ssa.UnOp:
		if field, ok := v.X.(*ssa.FieldAddr); ok {
			return c.mapped(field)
		}
	}
	return report.DialTarget{}, false
}

// mapped finds the variable that fills a field: mustMapEnv(&s.addr, "X_ADDR"),
// or s.addr = os.Getenv("X_ADDR").
func (c *collector) mapped(read *ssa.FieldAddr) (report.DialTarget, bool) {
	same := func(v ssa.Value) bool {
		f, ok := v.(*ssa.FieldAddr)
		return ok && f.Field == read.Field && types.Identical(f.X.Type(), read.X.Type())
	}
	for _, fn := range c.servers.SSA().Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.Call:
					args := program.Args(&instr.Call)
					if len(args) != 2 || !same(args[0]) {
						continue
					}
					if k, ok := args[1].(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.String {
						return report.DialTarget{Env: constant.StringVal(k.Value)}, true
					}
				case *ssa.Store:
					if call, ok := instr.Val.(*ssa.Call); ok && same(instr.Addr) {
						return c.target(call, maxSteps)
					}
				}
			}
		}
	}
	return report.DialTarget{}, false
}
