package lifetime

import (
	"go/types"
	"slices"
	"strings"
	"unicode"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// serves reports whether who calls a function of another package accepts
// connections, or takes work from somewhere without an end.
func (s *survey) serves(fn *types.Func) bool {
	path, name := fn.Pkg().Path(), fn.Name()
	switch path {
	case "net":
		return strings.HasPrefix(name, "Accept")
	case "net/http":
		// Also as the method of a type that embeds an http.Server.
		return name == "Serve" || name == "ServeTLS" || strings.HasPrefix(name, "ListenAndServe")
	case stub.GRPCPath:
		return name == "Serve" || name == "NewServer"
	}
	if names, ok := servers[versionless(path)]; ok {
		return names[name]
	}
	if stub.IsStandard(path) || strings.HasPrefix(path, stub.GRPCPath+"/") {
		return false
	}
	if told := s.known[path]; told != nil {
		if _, ok := slices.BinarySearch(told.Funcs, funckey.Of(fn)); ok {
			return true
		}
		// Through an interface or a func value, perhaps.
		return told.Serves && told.Module != s.module && begins(name, "Serve", "Listen", "Run", "Start", "Main")
	}
	if s.reaches(path) {
		return false // it would have told
	}
	// A package that does not reach grpc-go tells nothing: its names do, and
	// in the program's own module a doubt is enough.
	return begins(name, "Serve", "ListenAnd") || name == "Listen" ||
		within(path, s.module) && begins(name, "Run", "Start") && knowsNetwork(fn.Pkg())
}

// knowsNetwork: the package's own declarations mention the network.
func knowsNetwork(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == "net" || p.Path() == "net/http" })
}

// handlesHTTP: the function answers requests, so somebody serves them.
func handlesHTTP(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if isNamed(p.Type(), "net/http", "ResponseWriter") {
			return true
		}
	}
	return false
}

// servers are functions and methods, by package, behind which something
// serves or waits for work, although their names do not tell: whoever makes
// a router wants it to serve.
var servers = map[string]map[string]bool{
	"github.com/gin-gonic/gin":                               set("New", "Default", "Run", "RunTLS", "RunUnix", "RunListener"),
	"github.com/labstack/echo":                               set("New", "Start", "StartTLS", "StartServer"),
	"github.com/gofiber/fiber":                               set("New", "Listen", "ListenTLS", "Listener"),
	"github.com/valyala/fasthttp":                            set("Serve", "ListenAndServe", "ListenAndServeTLS"),
	"github.com/gorilla/mux":                                 set("NewRouter"),
	"github.com/go-chi/chi":                                  set("NewRouter", "NewMux"),
	"github.com/julienschmidt/httprouter":                    set("New"),
	"github.com/beego/beego/server/web":                      set("Run", "NewHttpSever", "NewHttpServerWithCfg"),
	"github.com/kataras/iris":                                set("New", "Default", "Run", "Listen"),
	"github.com/cloudwego/hertz/pkg/app/server":              set("New", "Default", "Spin", "Run"),
	"github.com/go-kratos/kratos":                            set("Run"),
	"github.com/zeromicro/go-zero/rest":                      set("NewServer", "MustNewServer", "Start"),
	"github.com/zeromicro/go-zero/zrpc":                      set("NewServer", "MustNewServer", "Start"),
	"go-micro.dev/micro":                                     set("Run"),
	"github.com/micro/go-micro":                              set("Run"),
	"github.com/grpc-ecosystem/grpc-gateway/runtime":         set("NewServeMux"),
	"github.com/robfig/cron":                                 set("Start", "Run"),
	"github.com/hibiken/asynq":                               set("NewServer", "Run", "Start"),
	"github.com/segmentio/kafka-go":                          set("NewReader", "ReadMessage", "FetchMessage"),
	"github.com/IBM/sarama":                                  set("NewConsumer", "NewConsumerGroup", "Consume"),
	"github.com/Shopify/sarama":                              set("NewConsumer", "NewConsumerGroup", "Consume"),
	"github.com/confluentinc/confluent-kafka-go/kafka":       set("NewConsumer"),
	"github.com/nats-io/nats.go":                             set("Subscribe", "QueueSubscribe", "ChanSubscribe"),
	"github.com/rabbitmq/amqp091-go":                         set("Consume", "ConsumeWithContext"),
	"github.com/streadway/amqp":                              set("Consume"),
	"cloud.google.com/go/pubsub":                             set("Receive"),
	"github.com/aws/aws-lambda-go/lambda":                    set("Start", "StartWithOptions", "StartWithContext", "StartHandler"),
	"go.temporal.io/sdk/worker":                              set("New", "Run", "Start"),
	"go.uber.org/cadence/worker":                             set("New", "Run", "Start"),
	"go.uber.org/fx":                                         set("Run"),
	"github.com/oklog/run":                                   set("Run"),
	"github.com/kardianos/service":                           set("Run"),
	"sigs.k8s.io/controller-runtime":                         set("NewManager", "SetupSignalHandler"),
	"sigs.k8s.io/controller-runtime/pkg/manager":             set("New", "Start"),
	"sigs.k8s.io/controller-runtime/pkg/manager/signals":     set("SetupSignalHandler"),
	"k8s.io/apimachinery/pkg/util/wait":                      set("Until", "UntilWithContext", "JitterUntil", "JitterUntilWithContext", "NonSlidingUntil", "NonSlidingUntilWithContext", "Forever", "BackoffUntil"),
	"k8s.io/client-go/tools/leaderelection":                  set("RunOrDie", "Run"),
	"k8s.io/apiserver/pkg/server":                            set("SetupSignalContext", "SetupSignalHandler", "PrepareRun"),
	"github.com/kubernetes-csi/csi-lib-utils/leaderelection": set("Run"),
	"knative.dev/pkg/injection/sharedmain":                   set("Main", "MainNamed", "MainWithContext", "MainWithConfig", "WebhookMainWithContext", "WebhookMainWithConfig"),
	"knative.dev/pkg/signals":                                set("NewContext", "SetupSignalHandler"),
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

// begins reports whether a name's first word is one of those.
func begins(name string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		rest, ok := strings.CutPrefix(name, word)
		return ok && (rest == "" || !unicode.IsLower(rune(rest[0])))
	})
}

// within reports whether a package belongs to a module, or may.
func within(path, module string) bool {
	return module != "" && (path == module || strings.HasPrefix(path, module+"/"))
}

// versionless removes a major version from an import path.
func versionless(path string) string {
	elements := strings.Split(path, "/")
	for i, e := range elements {
		if rest, ok := strings.CutPrefix(e, "v"); ok && i > 0 && rest != "" && strings.Trim(rest, "0123456789") == "" {
			return strings.Join(slices.Delete(elements, i, i+1), "/")
		}
	}
	return path
}
