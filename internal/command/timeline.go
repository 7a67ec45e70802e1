package command

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/configfiles"
	"github.com/grpclint/grpclint/internal/wholefile"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/timeline"
	"github.com/grpclint/grpclint/rule"
)

// timelineFlags ask what a service config means.
type timelineFlags struct {
	file, method, version, output string
}

func (f *timelineFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.file, "service-config", "", "explain what the service config in `FILE` means: the entry that applies, and when retries are made")
	set.StringVar(&f.method, "method", "", "explain one `METHOD`, such as pkg.Service/Method, or those of one service: how it is classified, and why; with -service-config, what that means for it")
	set.StringVar(&f.version, "grpc-go", "", "as this `VERSION` of grpc-go reads it (default "+serviceconfig.Newest+")")
	set.StringVar(&f.output, "o", "", "also draw the retries of one method to the SVG file `OUT`")
}

func (f *timelineFlags) given() bool { return *f != timelineFlags{} }

// explain prints the timelines asked for.
func (f *timelineFlags) explain(stdout io.Writer) error {
	if f.file == "" {
		return errors.New("-grpc-go and -o go with -service-config FILE")
	}
	config, err := f.read()
	if err != nil {
		return err
	}
	methods := config.Names()
	switch {
	case f.method != "":
		method := strings.TrimPrefix(f.method, "/")
		if near, ok := misspelt(method, methods); ok {
			fmt.Fprintf(stdout, "%s has no entry for %s (nearest: %s)\n\n", f.file, method, near)
		}
		methods = []string{method}
	case len(methods) == 0:
		methods = []string{""} // what applies to all
	}
	if f.output != "" && len(methods) != 1 {
		return fmt.Errorf("-o draws one method: give -method, one of %s", strings.Join(methods, ", "))
	}
	for i, method := range methods {
		if i > 0 {
			fmt.Fprintln(stdout)
		}
		if err := timeline.Text(stdout, timeline.Of(config.Method(method))); err != nil {
			return err
		}
	}
	if f.output == "" {
		return nil
	}
	var drawing bytes.Buffer
	if err := timeline.SVG(&drawing, timeline.Of(config.Method(methods[0]))); err != nil {
		return err
	}
	return wholefile.Write(f.output, drawing.Bytes())
}

// misspelt returns the nearest of the config's names if neither the method
// nor its service has an entry, and there is something near.
func misspelt(method string, names []string) (near string, ok bool) {
	service, _, _ := strings.Cut(method, "/")
	if slices.Contains(names, method) || slices.Contains(names, service) {
		return "", false
	}
	near = rule.NearestOf(method, names)
	return near, near != ""
}

// read reads the one config of the file.
func (f *timelineFlags) read() (*serviceconfig.Config, error) {
	file, err := configfiles.Named(f.file, nil)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", f.file, err)
	case file == nil:
		return nil, fmt.Errorf("%s: holds no service config", f.file)
	case len(file.Configs) > 1:
		return nil, fmt.Errorf("%s: holds %d service configs; explain takes one", f.file, len(file.Configs))
	case file.Configs[0].Form == serviceconfig.ChoiceList:
		return nil, fmt.Errorf("%s: is a list of choices; explain takes a service config", f.file)
	}
	config, err := serviceconfig.Read(file.Configs[0].Text, serviceconfig.Options{GRPCGo: f.version, Dialect: file.Dialect(serviceconfig.Auto)})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.file, err)
	}
	return config, nil
}
