package unknown

// A statement of intent that no rule asked for is no mistake.
//
//grpclint:idempotent it counts nothing
func intent() {}
