package serviceconfig_test

import (
	"fmt"
	"go/token"
	"regexp"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// check judges a config as a file of that name.
func check(t testing.TB, name, src string, opts serviceconfig.Options) (*token.File, []finding.Finding) {
	t.Helper()
	file := token.NewFileSet().AddFile(name, -1, len(src))
	file.SetLinesForContent([]byte(src))
	findings, err := serviceconfig.Check(file, []byte(src), opts)
	if _, syntax := err.(*serviceconfig.SyntaxError); err != nil && !syntax {
		t.Fatal(err)
	}
	return file, findings
}

// The code of every page is judged as the page says: the incorrect by
// exactly its rule, the correct by none. Rules that only inform count on
// their own page.
func TestPages(t *testing.T) {
	blocks := 0
	for _, r := range rule.Family("serviceconfig") {
		for _, heading := range []string{"Incorrect", "Correct"} {
			for i, config := range blocksOf("json", r.Page(), heading) {
				blocks++
				t.Run(fmt.Sprintf("%s/%s%d", r.Name(), heading, i), func(t *testing.T) {
					_, findings := check(t, "service_config.json", config, serviceconfig.Options{Methods: pageMethods(t, r.Page(), heading)})
					own := 0
					for _, f := range findings {
						switch {
						case f.Rule == r:
							own++
							if heading == "Incorrect" && f.EffectiveSeverity() != r.Severity {
								t.Errorf("severity %v, the rule's is %v: %s", f.EffectiveSeverity(), r.Severity, f.Message)
							}
						case f.Rule.On && f.EffectiveSeverity() >= rule.Warning:
							t.Errorf("%s: %s", f.Rule.ID, f.Message)
						}
					}
					if wanted := heading == "Incorrect"; (own > 0) != wanted {
						t.Errorf("reported %d times in\n%s", own, config)
					}
				})
			}
		}
	}
	if blocks < 2*25 {
		t.Errorf("only %d blocks", blocks)
	}
}

func blocksOf(language, page, heading string) []string {
	_, section, _ := strings.Cut(page, "## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	for {
		_, rest, found := strings.Cut(section, "```"+language+"\n")
		if !found {
			return blocks
		}
		block, after, _ := strings.Cut(rest, "```")
		blocks = append(blocks, block)
		section = after
	}
}

var (
	protoPackage = regexp.MustCompile(`(?m)^package ([\w.]+);`)
	protoService = regexp.MustCompile(`(?ms)^service (\w+) \{(.*?)^\}`)
	protoMethod  = regexp.MustCompile(`rpc (\w+)\((stream )?(\w+)\) returns \((stream )?`)
	protoMessage = regexp.MustCompile(`(?ms)^message (\w+) \{(.*?)^\}`)
	protoField   = regexp.MustCompile(`(?m)^  (\w+) (\w+) = `)
)

// pageMethods is what the .proto file in a section of a page tells, if there
// is one.
func pageMethods(t *testing.T, page, heading string) *serviceconfig.Methods {
	methods := new(serviceconfig.Methods)
	for _, proto := range blocksOf("proto", page, heading) {
		pkg := protoPackage.FindStringSubmatch(proto)[1]
		methods.AddPackage(pkg)
		messages := make(map[string]string)
		for _, m := range protoMessage.FindAllStringSubmatch(proto, -1) {
			messages[m[1]] = m[2]
		}
		for _, found := range protoService.FindAllStringSubmatch(proto, -1) {
			s := serviceconfig.Service{Name: pkg + "." + found[1]}
			for _, m := range protoMethod.FindAllStringSubmatch(found[2], -1) {
				d := method.Description{
					Service: s.Name, Method: m[1], ClientStreaming: m[2] != "", ServerStreaming: m[4] != "",
					Request: &method.Message{Name: m[3]},
				}
				for _, f := range protoField.FindAllStringSubmatch(messages[m[3]], -1) {
					d.Request.Fields = append(d.Request.Fields, method.Field{Name: f[2], Kind: map[string]method.Kind{"string": method.StringKind, "int64": method.IntegerKind}[f[1]]})
				}
				s.Methods = append(s.Methods, serviceconfig.Method{
					Name: m[1], ClientStream: d.ClientStreaming, ServerStream: d.ServerStreaming,
					Verdict: func() method.Verdict { return method.Classify(d, method.Options{}) },
				})
			}
			methods.Add(s)
		}
	}
	return methods
}
