package server

import (
	"context"
	"log/slog"
	"time"
)

// lastBooking is how long the last booking may take when the program ends.
const lastBooking = 5 * time.Second

// Book writes what was charged and refunded into the ledger, now and then,
// until ctx is done, and then once more.
func (s *Server) Book(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.bookAll(ctx)
		case <-ctx.Done():
			s.bookLast(ctx)
			return
		}
	}
}

func (s *Server) bookLast(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastBooking)
	defer cancel()
	s.bookAll(ctx)
}

func (s *Server) bookAll(ctx context.Context) {
	s.mu.Lock()
	todo := s.unbooked
	s.unbooked = nil
	s.mu.Unlock()

	for i, e := range todo {
		if err := s.ledger.Append(ctx, e.payment, e.cents, e.requestID); err != nil {
			slog.WarnContext(ctx, "book payment", "payment", e.payment, "err", err)
			s.mu.Lock()
			s.unbooked = append(s.unbooked, todo[i:]...)
			s.mu.Unlock()
			return
		}
	}
}
