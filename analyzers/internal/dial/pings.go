package dial

import (
	"time"

	"github.com/grpclint/grpclint/finding/claim"
)

// Pings are keepalive pings that a client sends, or that a server allows.
type Pings struct {
	Every         time.Duration // the shortest time between two
	WithoutStream bool          // also while there is no RPC
}

// Allowed is the claim of a server that allows pings.
func (p Pings) Allowed() []claim.Claim {
	claims := []claim.Claim{{Kind: claim.AllowsPings, Key: claim.InStream, Level: int64(p.Every)}}
	if p.WithoutStream {
		claims = append(claims, claim.Claim{Kind: claim.AllowsPings, Key: claim.Idle, Level: int64(p.Every)})
	}
	return claims
}

// Forbidden is the condition that no server allows pings. That of a client is
// in another program, hence all that are looked at count.
func (p Pings) Forbidden() claim.Condition {
	c := claim.Unless(claim.AllowsPings, claim.InStream)
	if p.WithoutStream {
		c = claim.Unless(claim.AllowsPings, claim.Idle)
	}
	c.By, c.Level = claim.Anyone, int64(p.Every)
	return c
}
