package uncheckedindex

import (
	"context"
	"errors"

	"google.golang.org/grpc/metadata"
)

// Values and metadata that are kept in a field, and read in a method.

type session struct{ md metadata.MD }

func openSession(ctx context.Context) (*session, error) {
	md := received(ctx)
	if len(md["id"]) == 0 {
		return nil, errors.New("no id")
	}
	return &session{md}, nil
}

func (s *session) id() string { return s.md["id"][0] }

func (s *session) tenant() string { return s.md["tenant"][0] } // want `a client that does not send "tenant" causes a panic`

func ofSession(ctx context.Context) (string, error) {
	s, err := openSession(ctx)
	if err != nil {
		return "", err
	}
	return s.id() + s.tenant(), nil
}

// Which key it is that asks does not say.
type asking struct{ md metadata.MD }

func (a asking) has(key string) bool { return len(a.md.Get(key)) > 0 }

func (a asking) first() string { return a.md.Get("id")[0] }

func ofAsking(ctx context.Context) string {
	if a := (asking{received(ctx)}); a.has("id") {
		return a.first()
	}
	return ""
}

// Looked at outside of the literal that keeps it.
type keptMD struct{ md metadata.MD }

func (k keptMD) first() string {
	get := func() string { return k.md.Get("id")[0] }
	return get()
}

func keepsInLiteral(ctx context.Context) string {
	md := received(ctx)
	if len(md.Get("id")) == 0 {
		return ""
	}
	return func() string { return keptMD{md}.first() }()
}

type keptValues struct{ ids []string }

func (k *keptValues) first() string {
	return func() string { return k.ids[0] }()
}

func keepsValuesInLiteral(ctx context.Context) string {
	ids := received(ctx).Get("id")
	if len(ids) == 0 {
		return ""
	}
	return func() string {
		k := keptValues{ids: ids}
		return k.first()
	}()
}

type unseen struct{ ids []string }

func (u *unseen) first() string {
	return func() string { return u.ids[0] }() // want `causes a panic`
}

func keepsUnseen(ctx context.Context) string {
	ids := received(ctx).Get("id")
	return func() string {
		u := unseen{ids: ids}
		return u.first()
	}()
}
