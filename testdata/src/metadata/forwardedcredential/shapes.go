package forwardedcredential

import (
	"context"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/forwardedcredential/forward"
)

func outgoing(ctx context.Context, md metadata.MD) context.Context {
	return metadata.NewOutgoingContext(ctx, md) // want `all that it has sent is sent on`
}

func throughHelper(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	return outgoing(ctx, md)
}

func all(ctx context.Context) metadata.MD {
	md, _ := metadata.FromIncomingContext(ctx)
	return md
}

func ofHelper(ctx context.Context) context.Context {
	return metadata.NewOutgoingContext(ctx, all(ctx)) // want `all that it has sent is sent on`
}

// Silent.

func cleaned(ctx context.Context, md metadata.MD) context.Context {
	return metadata.NewOutgoingContext(ctx, md)
}

func deletedBefore(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	md.Delete("authorization")
	return cleaned(ctx, md)
}

func withoutToken(md metadata.MD) metadata.MD {
	md = md.Copy()
	md.Delete("authorization")
	return md
}

func ofCleaner(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	return metadata.NewOutgoingContext(ctx, withoutToken(md))
}

func copiedElsewhere(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	return metadata.NewOutgoingContext(ctx, forward.Copy(md)) // want `all that it has sent is sent on`
}

// strippedElsewhere: the helper takes keys out.
func strippedElsewhere(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	return metadata.NewOutgoingContext(ctx, forward.Strip(md))
}
