package packed

import (
	"reflect"
	"strings"
	"testing"
)

type value struct {
	Name  string
	Names map[string][]int
}

func TestRoundTrip(t *testing.T) {
	long := strings.Repeat("WorkflowService_", 1000)
	for _, v := range []value{{}, {Name: "short"}, {Name: long, Names: map[string][]int{long: {1, 2}}}} {
		data, err := Encode(&v)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Name) > worthwhile && len(data) > worthwhile {
			t.Errorf("%d bytes for %d equal words", len(data), 2000)
		}
		if len(v.Name) == 0 && len(data) != 1 {
			t.Errorf("%d bytes for nothing", len(data))
		}
		got := value{Name: "else"}
		if err := Decode(data, &got); err != nil || !reflect.DeepEqual(got, v) {
			t.Errorf("%v: got %v, want %v", err, got, v)
		}
	}
}

func TestBroken(t *testing.T) {
	data, err := Encode(&value{Name: strings.Repeat("x", 3000)})
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range [][]byte{nil, {plain}, {deflated}, {2, 3}, data[:len(data)/2]} {
		if err := Decode(broken, new(value)); err == nil {
			t.Errorf("no error for %v", broken)
		}
	}
}
