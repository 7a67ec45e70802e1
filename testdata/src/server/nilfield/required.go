package nilfield

import (
	"context"

	"example.com/testdata/server/nilfield/check"
	"example.com/testdata/stubs/validpb"
)

// A validator asks for some of the fields, by options of the protos.

type parcels struct {
	validpb.UnimplementedParcelServiceServer
	seen map[string]bool
}

func (p *parcels) Send(ctx context.Context, req *validpb.SendRequest) (*validpb.Parcel, error) {
	p.seen[req.Parcel.Name] = true
	p.seen[req.Parcel.To.City] = true
	p.seen[req.GetParcel().GetTo().City] = true
	p.seen[req.Parcel.To.Country.MainRegion.Name] = true
	for _, more := range req.More {
		p.seen[more.To.Country.Code] = true
	}
	if len(req.More) > 0 {
		p.seen[req.More[0].To.City] = true
	}
	p.seen[check.City(req.Parcel)] = true
	p.seen[req.Copy.Name] = true          // want `a request without Copy crashes the server: req.Copy.Name`
	p.seen[req.Extra.To.City] = true      // want `a request without Extra crashes the server: req.Extra.To`
	p.seen[req.Parcel.BackTo.City] = true // want `a request without BackTo crashes the server: req.Parcel.BackTo.City`
	if back := req.Parcel.GetBackTo(); back != nil {
		p.seen[back.Country.Code] = true
	}
	return req.Parcel, nil
}

func (p *parcels) Track(ctx context.Context, req *validpb.TrackRequest) (*validpb.Parcel, error) {
	p.seen[req.FromAddress.Country.Code] = true
	p.seen[req.GetParcel().Name] = true
	if req.Wait.Seconds > 1 && req.Pause.Seconds > 1 { // want `a request without Pause crashes the server: req.Pause.Seconds`
		return &validpb.Parcel{Name: "late"}, nil
	}
	p.seen[req.GetFirst().Name] = true // want `a request without First crashes the server: req.GetFirst\(\).Name`
	return &validpb.Parcel{}, nil
}
