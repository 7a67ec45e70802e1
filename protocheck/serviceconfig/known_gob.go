package serviceconfig

import (
	"bytes"
	"encoding/gob"

	classes "github.com/grpclint/grpclint/protocheck/method"
)

// writtenMethods is an index as it is written, with what the methods' verdicts are.
type writtenMethods struct {
	Services []writtenService
	Packages map[string]bool // whether all of its services are known
}

type writtenService struct {
	Service  Service
	Verdicts []*classes.Verdict // of its methods, nil if nobody knows
}

// GobEncode writes the index.
func (m *Methods) GobEncode() ([]byte, error) {
	w := writtenMethods{Packages: m.packages}
	for _, s := range m.Services() {
		verdicts := make([]*classes.Verdict, len(s.Methods))
		for i := range s.Methods {
			if of := s.Methods[i].Verdict; of != nil {
				v := of()
				verdicts[i] = &v
			}
		}
		w.Services = append(w.Services, writtenService{*s, verdicts})
	}
	var text bytes.Buffer
	err := gob.NewEncoder(&text).Encode(w)
	return text.Bytes(), err
}

// GobDecode reads what GobEncode has written.
func (m *Methods) GobDecode(text []byte) error {
	var w writtenMethods
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(&w); err != nil {
		return err
	}
	*m = Methods{}
	for _, s := range w.Services {
		for i := range s.Service.Methods {
			if i < len(s.Verdicts) && s.Verdicts[i] != nil {
				v := *s.Verdicts[i]
				s.Service.Methods[i].Verdict = func() classes.Verdict { return v }
			}
		}
		m.Add(s.Service)
	}
	for name, whole := range w.Packages {
		if whole {
			m.AddPackage(name)
		}
	}
	return nil
}
