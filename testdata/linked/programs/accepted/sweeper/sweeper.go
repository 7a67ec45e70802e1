// Package sweeper gives back what nobody has bought, and does not mind to wait.
package sweeper

import "context"

type Stock interface {
	Release(ctx context.Context, name string) error
}

type Sweeper struct{ Stock Stock }

func (s *Sweeper) Sweep(names []string) {
	for _, name := range names {
		//grpclint:ignore deadline/missing the night is long
		s.Stock.Release(context.Background(), name)
	}
}
