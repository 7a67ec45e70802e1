package say

import "testing"

func TestChain(t *testing.T) {
	for _, test := range []struct {
		links []string
		room  int
		want  string
	}{
		{nil, 10, ""},
		{[]string{"load"}, 3, "load"},
		{[]string{"load", "fetch"}, 12, "load → fetch"},
		{[]string{"lädt", "fetch"}, 12, "lädt → fetch"},
		{[]string{"load", "fetch"}, 11, "… → fetch"},
		{[]string{"a", "b", "c", "d"}, 13, "a → b → c → d"},
		{[]string{"a", "b", "c", "dd"}, 13, "a → … → dd"},
		{[]string{"a", "bbbb", "c", "d"}, 13, "a → … → c → d"},
		{[]string{"aaaaaaaaaa", "b", "c", "d"}, 13, "… → d"},
	} {
		if got := Chain(test.links, test.room); got != test.want {
			t.Errorf("%q in %d: got %s, want %s", test.links, test.room, got, test.want)
		}
	}
	if got := Via([]string{"load", "fetch"}) + Via(nil); got != " (load → fetch)" {
		t.Errorf("got %q", got)
	}
}
