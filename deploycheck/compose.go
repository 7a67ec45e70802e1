package deploycheck

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// A composeService is one of docker compose. Nothing is found in these files:
// they tell which program a host is.
type composeService struct {
	name, image string
	build       string // folder that its image is made in, "" for none
}

// isCompose reports whether a path may be that of a compose file.
func isCompose(file string) bool {
	name := filepath.Base(file)
	return strings.Contains(name, "compose") && IsData(file) && filepath.Ext(file) != ".json"
}

// composeServices returns the services of a compose file.
func composeServices(file *source.File, doc *yamldoc.Node) []*composeService {
	var list []*composeService
	for _, f := range doc.Get("services").Fields() {
		if !f.Value.IsMap() {
			continue
		}
		s := &composeService{name: f.Name, image: f.Value.Get("image").String()}
		build := f.Value.Get("build")
		folder, ok := build.Value()
		if !ok {
			folder, ok = build.Get("context").Value()
		}
		if ok && !yamldoc.HasHole(folder) && !strings.Contains(folder, "://") {
			s.build = path.Join(path.Dir(slash(file.Path)), slash(folder))
		}
		list = append(list, s)
	}
	return list
}

// composed returns the program behind a host of compose. known is false if
// there is no such host.
func (c *checker) composed(host string) (p *Program, known bool) {
	for _, s := range c.Compose {
		if s.name != host {
			continue
		}
		known = true
		found := c.only(func(p *Program) bool {
			return slices.Contains(p.names(), plainName(s.name)) || s.image != "" && slices.Contains(p.names(), imageName(s.image))
		})
		if found == nil && s.build != "" {
			found = c.only(func(p *Program) bool { return isBelow(slash(p.Dir), s.build) })
		}
		if found == nil || p != nil && found != p {
			return nil, true
		}
		p = found
	}
	return p, known
}
