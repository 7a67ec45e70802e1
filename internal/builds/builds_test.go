package builds

import (
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	builds, err := Parse([]string{"linux/amd64", " windows/arm64+a+b.c", "+e2e", "host"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(builds), "[{linux/amd64 linux amd64 []} {windows/arm64+a+b.c windows arm64 [a b.c]} {+e2e   [e2e]} {host   []}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, wrong := range []string{"", "linux", "linux/", "linux/amd64,", "linux/amd64+", "linux/amd64+a-b", "linux/amd64,linux/amd64", "Linux/amd64", "hots"} {
		if builds, err := Parse(strings.Split(wrong, ",")); err == nil {
			t.Errorf("%q gives %v", wrong, builds)
		}
	}
}

func TestCheckTags(t *testing.T) {
	for list, ok := range map[string]bool{"a": true, "a,b.c": true, "": false, "a,": false, "a b": false, "!a": false} {
		if err := CheckTags(list); (err == nil) != ok {
			t.Errorf("%q: %v", list, err)
		}
	}
}
