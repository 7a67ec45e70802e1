package nilfield

import (
	"context"

	"example.com/testdata/server/nilfield/check"
	"example.com/testdata/stubs/validpb"
)

// A validator asks for some of the fields, by options of the protos.

type parcels struct {
	validpb.UnimplementedParcelServiceServer
	seen names
}

func (p *parcels) Send(ctx context.Context, req *validpb.SendRequest) (*validpb.Parcel, error) {
	p.seen.add(req.Parcel.Name)
	p.seen.add(req.Parcel.To.City)
	p.seen.add(req.GetParcel().GetTo().City)
	p.seen.add(req.Parcel.To.Country.MainRegion.Name)
	for _, more := range req.More {
		p.seen.add(more.To.Country.Code)
	}
	if len(req.More) > 0 {
		p.seen.add(req.More[0].To.City)
	}
	p.seen.add(check.City(req.Parcel))
	p.seen.add(req.Copy.Name)          // want `a request without Copy makes the handler panic: req.Copy.Name`
	p.seen.add(req.Extra.To.City)      // want `a request without Extra makes the handler panic: req.Extra.To`
	p.seen.add(req.Parcel.BackTo.City) // want `a request without BackTo makes the handler panic: req.Parcel.BackTo.City`
	if back := req.Parcel.GetBackTo(); back != nil {
		p.seen.add(back.Country.Code)
	}
	return req.Parcel, nil
}

func (p *parcels) Track(ctx context.Context, req *validpb.TrackRequest) (*validpb.Parcel, error) {
	p.seen.add(req.FromAddress.Country.Code)
	p.seen.add(req.GetParcel().Name)
	if req.Wait.Seconds > 1 && req.Pause.Seconds > 1 { // want `a request without Pause makes the handler panic: req.Pause.Seconds`
		return &validpb.Parcel{Name: "late"}, nil
	}
	p.seen.add(req.GetFirst().Name) // want `a request without First makes the handler panic: req.GetFirst\(\).Name`
	return &validpb.Parcel{}, nil
}
