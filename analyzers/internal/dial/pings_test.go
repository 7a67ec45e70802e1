package dial

import (
	"testing"
	"time"

	"github.com/grpclint/grpclint/finding/claim"
)

func TestPings(t *testing.T) {
	minute, idle, second := Pings{time.Minute, false}, Pings{time.Minute, true}, Pings{time.Second, true}
	for _, test := range []struct {
		server, client Pings
		allowed        bool
	}{
		{minute, minute, true},
		{minute, idle, false},
		{idle, minute, true},
		{idle, idle, true},
		{idle, second, false},
		{second, idle, true},
		{Pings{WithoutStream: true}, second, true}, // a server of which little is known
	} {
		world, forbidden := claim.World{Anyone: claim.NewSet(test.server.Allowed()...)}, test.client.Forbidden()
		if got := world.Refutes(&forbidden); got != test.allowed {
			t.Errorf("a server of %+v allows %+v: %t, want %t", test.server, test.client, got, test.allowed)
		}
	}
}
