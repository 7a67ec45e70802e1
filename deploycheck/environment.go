package deploycheck

import (
	"github.com/grpclint/grpclint/deploycheck/kube"
	"github.com/grpclint/grpclint/deploycheck/yamldoc"
)

// environment returns the variables of a container: those that it lists, and
// those that come from ConfigMaps of the set.
func (c *checker) environment(container *kube.Container) []kube.Env {
	if known, ok := c.environments[container]; ok {
		return known
	}
	var list []kube.Env
	for _, source := range container.Node.Get("envFrom").Items() {
		prefix := source.Get("prefix").String()
		data := c.configMap(source.Get("configMapRef", "name").String(), container.Of.Object)
		for _, f := range data.Fields() {
			list = append(list, kube.Env{Name: prefix + f.Name, Value: f.Value})
		}
	}
	for _, e := range container.Env {
		if e.Value == nil {
			for _, item := range container.Node.Get("env").Items() {
				if ref := item.Get("valueFrom", "configMapKeyRef"); item.Get("name").String() == e.Name && ref != nil {
					e.Value = c.configMap(ref.Get("name").String(), container.Of.Object).Get(ref.Get("key").String())
				}
			}
		}
		list = append(list, e)
	}
	if c.environments == nil {
		c.environments = make(map[*kube.Container][]kube.Env)
	}
	c.environments[container] = list
	return list
}

// configMap returns the data of the one ConfigMap of a name, nil if there are
// several, as in overlays.
func (c *checker) configMap(name string, from *kube.Object) *yamldoc.Node {
	var data *yamldoc.Node
	for _, o := range c.kinds("ConfigMap") {
		if o.Name != name || name == "" || o.Namespaced && from.Namespaced && o.Namespace != from.Namespace {
			continue
		}
		if data != nil {
			return nil
		}
		data = o.Root.Get("data")
	}
	return data
}
