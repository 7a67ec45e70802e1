package dial

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// An Entry is a function that something outside calls again and again: once
// for every request, message or job.
type Entry struct {
	Func *ssa.Function
	Unit string // what it is called for: "request"
	What string // what it is: "gRPC handler"
}

// perUnit lists types that a function gets one value of per request,
// message or job.
var perUnit = map[[2]string]string{
	{"net/http", "Request"}:                                            "request",
	{"net/http", "ResponseWriter"}:                                     "request",
	{"github.com/gin-gonic/gin", "Context"}:                            "request",
	{"github.com/labstack/echo", "Context"}:                            "request",
	{"github.com/labstack/echo/v5", "Context"}:                         "request",
	{"github.com/labstack/echo/v4", "Context"}:                         "request",
	{"github.com/gofiber/fiber", "Ctx"}:                                "request",
	{"github.com/gofiber/fiber/v2", "Ctx"}:                             "request",
	{"github.com/gofiber/fiber/v3", "Ctx"}:                             "request",
	{"github.com/kataras/iris/v12", "Context"}:                         "request",
	{"github.com/valyala/fasthttp", "RequestCtx"}:                      "request",
	{"github.com/cloudwego/hertz/pkg/app", "RequestContext"}:           "request",
	{"github.com/beego/beego/v2/server/web/context", "Context"}:        "request",
	{"github.com/aws/aws-lambda-go/events", "APIGatewayProxyRequest"}:  "request",
	{"github.com/emicklei/go-restful/v3", "Request"}:                   "request",
	{"github.com/nats-io/nats.go", "Msg"}:                              "message",
	{"github.com/nats-io/stan.go", "Msg"}:                              "message",
	{"github.com/nsqio/go-nsq", "Message"}:                             "message",
	{"github.com/segmentio/kafka-go", "Message"}:                       "message",
	{"github.com/IBM/sarama", "ConsumerMessage"}:                       "message",
	{"github.com/Shopify/sarama", "ConsumerMessage"}:                   "message",
	{"github.com/confluentinc/confluent-kafka-go/kafka", "Message"}:    "message",
	{"github.com/confluentinc/confluent-kafka-go/v2/kafka", "Message"}: "message",
	{"github.com/rabbitmq/amqp091-go", "Delivery"}:                     "message",
	{"github.com/streadway/amqp", "Delivery"}:                          "message",
	{"cloud.google.com/go/pubsub", "Message"}:                          "message",
	{"cloud.google.com/go/pubsub/v2", "Message"}:                       "message",
	{"github.com/ThreeDotsLabs/watermill/message", "Message"}:          "message",
	{"github.com/eclipse/paho.mqtt.golang", "Message"}:                 "message",
	{"github.com/hibiken/asynq", "Task"}:                               "job",
	{"sigs.k8s.io/controller-runtime/pkg/reconcile", "Request"}:        "reconciliation",
	{"google.golang.org/grpc", "UnaryServerInfo"}:                      "RPC",
	{"google.golang.org/grpc", "StreamServerInfo"}:                     "RPC",
	{"google.golang.org/grpc", "UnaryHandler"}:                         "RPC",
	{"google.golang.org/grpc", "StreamHandler"}:                        "RPC",
	{"google.golang.org/grpc", "UnaryInvoker"}:                         "RPC",
	{"google.golang.org/grpc", "Streamer"}:                             "RPC",
}

// entry says whether fn is called from outside again and again.
func (e *engine) entry(fn *ssa.Function) *Entry {
	if fn.Synthetic != "" || testcode.InTestFile(e.pass.Fset, fn.Pos()) {
		return nil
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		if m := e.stubs.Handler(obj); m != nil {
			if strings.HasPrefix(m.FullMethod, "/grpc.health.") {
				return nil // a probe
			}
			return &Entry{fn, "request", "gRPC handler"}
		}
	}
	params := fn.Signature.Params()
	for p := range params.Variables() {
		path, name := named(p.Type())
		unit, ok := perUnit[[2]string{path, name}]
		if !ok {
			continue
		}
		what := "handler"
		switch {
		case path == "net/http":
			if name == "Request" && !strings.HasPrefix(p.Type().String(), "*") {
				continue // a value is somebody's record of a request
			}
			what = "HTTP handler"
		case path == "google.golang.org/grpc":
			what = "interceptor"
		}
		return &Entry{fn, unit, what}
	}
	return nil
}

// parsesFlags: the function gets what a command line says, once per process.
func parsesFlags(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		path, name := named(p.Type())
		if name == "FlagSet" && (path == "flag" || path == "github.com/spf13/pflag") {
			return true
		}
	}
	return false
}

// runsOnce reports whether fn runs at most once in the life of the process:
// main and init, what a command line runs, and what only such functions
// call, outside of loops.
func (e *engine) runsOnce(fn *ssa.Function) bool {
	if known, ok := e.once[fn]; ok {
		return known
	}
	e.once[fn] = false // recursion: who knows how often
	e.once[fn] = e.seemsOnce(fn)
	return e.once[fn]
}

func (e *engine) seemsOnce(fn *ssa.Function) bool {
	if e.entry(fn) != nil {
		return false
	}
	if fn.Parent() == nil && fn.Signature.Recv() == nil {
		if fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#") || isMainFunc(fn) {
			return true
		}
	}
	if lifetime.IsCommand(fn.Signature) || parsesFlags(fn.Signature) {
		return true
	}
	sites, complete := e.index.Callers(fn)
	return complete && len(sites) > 0 && !slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		return e.inLoop(site.Block()) || !e.runsOnce(site.Parent())
	})
}

// isMainFunc: func main(), also that of a program whose package main only
// chooses among several such functions.
func isMainFunc(fn *ssa.Function) bool {
	return fn.Name() == "main" && fn.Signature.Params().Len() == 0 && fn.Signature.Results().Len() == 0
}
