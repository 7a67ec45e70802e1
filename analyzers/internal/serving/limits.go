package serving

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// A Limit is a constant that an option bounds messages with.
type Limit struct {
	Name  string // "MaxRecvMsgSize", "MaxCallSendMsgSize"
	Value int64
}

// DefaultSize is what grpc-go takes, on either side, if nothing is said.
const DefaultSize = 4 << 20

// A ServedLimit says which messages a server takes and sends.
type ServedLimit struct {
	Service string // "package.Service"
	Recv    int64  // that or DefaultSize
	Send    int64  // 0 if nothing is said
	At      finding.Remote
}

// Served returns the limits of the servers of the package and its imports.
func (info *Info) Served() []ServedLimit {
	if !info.Reaches {
		return nil
	}
	var list []ServedLimit
	e := info.engine()
	if info.MakesServers() {
		list = e.served()
	}
	for _, told := range e.known {
		list = append(list, told.Served...)
	}
	slices.SortFunc(list, compareServed)
	return slices.Compact(list)
}

func compareServed(a, b ServedLimit) int {
	return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.At.Package, b.At.Package), strings.Compare(a.At.File, b.At.File),
		cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
}

// served describes the servers of this package whose options are known.
func (e *engine) served() []ServedLimit {
	var list []ServedLimit
	for _, s := range e.servers() {
		if !s.Options.Known() || testcode.Is(e.pass, s.New.Pos()) {
			continue
		}
		limit := ServedLimit{Recv: DefaultSize, At: e.remote(s.New.Pos())}
		sure := true
		for _, opt := range s.Options.List {
			sure = sure && opt.Sure && !opt.Detail.Unsure || !isLimit(opt.Name)
			for _, l := range opt.Detail.Limits {
				switch l.Name {
				case "MaxRecvMsgSize", "MaxMsgSize":
					limit.Recv = l.Value
				case "MaxSendMsgSize":
					limit.Send = l.Value
				}
			}
		}
		for _, d := range s.Does(Register) {
			if sure && d.Name != "" && !d.IsReflection() && !d.IsHealth() {
				limit.Service = d.Name
				list = append(list, limit)
			}
		}
	}
	slices.SortFunc(list, compareServed)
	return slices.Compact(list)
}

func isLimit(name string) bool {
	switch name {
	case "MaxRecvMsgSize", "MaxMsgSize", "MaxSendMsgSize", "WithDefaultCallOptions", "WithMaxMsgSize":
		return true
	}
	return false
}

// limits reads the constants of an option. It is unsure of others.
func (e *engine) limits(option *ssa.Call, name string) (list []Limit, unsure bool) {
	add := func(name string, v ssa.Value) {
		if c, ok := v.(*ssa.Const); ok && c.Value != nil {
			list = append(list, Limit{name, c.Int64()})
			return
		}
		unsure = true
	}
	switch name {
	case "MaxRecvMsgSize", "MaxMsgSize", "MaxSendMsgSize":
		add(name, option.Call.Args[0])
	case "WithMaxMsgSize":
		add("MaxCallRecvMsgSize", option.Call.Args[0])
	case "WithDefaultCallOptions":
		given := e.callOptions.Closed(option.Call.Args[0])
		unsure = !given.Known()
		for _, opt := range given.List {
			list = append(list, opt.Detail.Limits...)
			unsure = unsure || opt.Detail.Unsure || !opt.Sure && len(opt.Detail.Limits) > 0
		}
	case "MaxCallRecvMsgSize", "MaxCallSendMsgSize":
		add(name, option.Call.Args[0])
	}
	return list, unsure
}

// A Client is a connection of the package with the services that its clients
// are for.
type Client struct {
	Dial     *ssa.Call
	Services []string // "package.Service"
	Options  Options
}

// Clients returns the connections of the package.
func (info *Info) Clients() []Client {
	dials := info.Connections()
	if len(dials) == 0 {
		return nil
	}
	e := info.engine()
	var clients []Client
	for _, dial := range dials {
		c := Client{Dial: dial, Options: info.OptionsOf(dial)}
		trail := e.Follow(program.Result(dial, 0), func(_ ssa.Value, by ssa.Instruction) bool {
			call, ok := by.(*ssa.Call)
			if !ok || len(call.Call.Args) != 1 {
				return true
			}
			if obj := program.CalledObject(&call.Call); obj != nil {
				if service := info.Stubs.ServiceOf(obj); service != "" {
					c.Services = append(c.Services, service)
				}
			}
			return true
		})
		for field := range trail.Fields {
			if len(e.StoredInField(field).Values) > 1 {
				c.Services = nil // they may be of another connection
			}
		}
		clients = append(clients, c)
	}
	return clients
}
