package handed

import "example.com/testdata/deadline/missing/handed/lib"

// alone: the context is made in the helper.
func alone(s *service) error {
	return lib.Alone(s.get)
}
