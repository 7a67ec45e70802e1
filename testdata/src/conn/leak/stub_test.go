package leak

import "testing"

func TestOnlyTested(t *testing.T) {
	t.Skip("nothing listens there")
	client, err := onlyTested("dns:///orders")
	if err != nil {
		t.Fatal(err)
	}
	if err := ask(t.Context(), client); err != nil {
		t.Error(err)
	}
}
