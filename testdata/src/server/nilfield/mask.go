package nilfield

import "google.golang.org/protobuf/types/known/fieldmaskpb"

func mask() *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{} }
