package leak

import "testing"

func TestOnlyTested(t *testing.T) {
	client, err := onlyTested("dns:///orders")
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(t.Context(), client); err != nil {
		t.Error(err)
	}
}
