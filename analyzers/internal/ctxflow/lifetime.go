package ctxflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// serves reports whether this package accepts connections: what runs such a
// program does not end by itself.
func (f *flow) serves() bool {
	if strings.HasPrefix(f.pass.Pkg.Path(), stub.GRPCPath+"/") {
		return false // grpc/xds can serve; whoever imports it may not
	}
	for _, imported := range f.pass.Pkg.Imports() {
		if serverFrameworks[versionless(imported.Path())] {
			return true
		}
	}
	for instr := range f.instructions() {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || f.inTest(call.Pos()) {
			continue
		}
		if isServing(calledObject(call)) {
			return true
		}
	}
	return false
}

// isServing: a function that accepts connections.
func isServing(obj *types.Func) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "net":
		return obj.Name() == "Accept"
	case "net/http", stub.GRPCPath:
		return strings.HasPrefix(obj.Name(), "Serve") && obj.Name() != "ServeHTTP" || strings.HasPrefix(obj.Name(), "ListenAndServe")
	}
	return false
}

// loops reports whether this package holds what background work is made of:
// a loop without a condition that waits for events or sleeps, or one over a
// ticker.
func (f *flow) loops() bool {
	found := false
	for _, file := range f.pass.Files {
		if f.inTest(file.FileStart) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ForStmt:
				found = found || n.Cond == nil && waits(n.Body)
			case *ast.RangeStmt:
				sel, ok := n.X.(*ast.SelectorExpr)
				found = found || ok && sel.Sel.Name == "C" && strings.HasSuffix(f.pass.TypesInfo.TypeOf(sel.X).String(), "time.Ticker")
			}
			return !found
		})
	}
	return found
}

// waits: the block selects among channels or sleeps.
func waits(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectStmt:
			found = true
		case *ast.SelectorExpr:
			found = found || n.Sel.Name == "Sleep"
		case *ast.FuncLit:
			return false
		}
		return !found
	})
	return found
}

func (f *flow) inTest(pos token.Pos) bool { return testcode.Is(f.pass, pos) }

// serverFrameworks are packages whose importers serve, although the call
// that listens has no telling name: engine.Run(":8080").
var serverFrameworks = set(
	"github.com/gin-gonic/gin",
	"github.com/labstack/echo",
	"github.com/gofiber/fiber",
	"github.com/valyala/fasthttp",
	"github.com/gorilla/mux",
	"github.com/go-chi/chi",
	"github.com/julienschmidt/httprouter",
	"github.com/beego/beego/server/web",
	"github.com/kataras/iris",
	"github.com/go-kratos/kratos",
	"github.com/zeromicro/go-zero/rest",
	"github.com/grpc-ecosystem/grpc-gateway/runtime",
	"github.com/robfig/cron",
	"github.com/segmentio/kafka-go",
	"github.com/IBM/sarama",
	"github.com/nats-io/nats.go",
	"github.com/rabbitmq/amqp091-go",
	"github.com/streadway/amqp",
	"sigs.k8s.io/controller-runtime",
)
