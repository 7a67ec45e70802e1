// Package grpcoption follows options of grpc-go, such as dial options, from
// where they are given to the calls that make them: through slices, branches
// and loops, fields, and functions that add to what they get.
package grpcoption

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/finding"
)

// Options are the options that a value, or a result of a function, stands
// for. They can be part of a fact, if D can.
type Options[D any] struct {
	// List has them in the order in which they are given. One that is given
	// twice is in it twice.
	List []Option[D]
	// Complete says that there are no others but for those of Params.
	Complete bool
	// Params are parameters of the function whose options are among them.
	// Of a whole function's options, as opposed to a helper's result,
	// nothing is known about these.
	Params []int
}

// An Option is one call that makes an option.
type Option[D any] struct {
	Name string // function of package google.golang.org/grpc
	// Sure says that the option is there whatever way control took.
	Sure bool
	// Place is where it is made.
	Place finding.Remote
	// Detail is what else is remembered of the call.
	Detail D

	// Unexported: facts do not carry them. call makes the option, by gets it
	// from another package.
	call, by *ssa.Call
}

// Call returns the call that makes the option, nil if that is in another
// package.
func (o *Option[D]) Call() *ssa.Call { return o.call }

// By returns the call of this package that makes the option, or that gets it
// from another one.
func (o *Option[D]) By() *ssa.Call { return cmp.Or(o.call, o.by) }

// An identity tells options apart.
type identity struct {
	name  string
	place finding.Remote
}

func (o *Option[D]) identity() identity { return identity{o.Name, o.Place} }

// Known reports whether the list holds all options that there can be.
func (o *Options[D]) Known() bool { return o.Complete && len(o.Params) == 0 }

// Has reports whether one of the options, sure or not, has one of the names.
func (o *Options[D]) Has(names ...string) bool {
	return slices.ContainsFunc(o.List, func(opt Option[D]) bool { return slices.Contains(names, opt.Name) })
}

// Distinct returns the options without repetition.
func (o *Options[D]) Distinct() Options[D] {
	distinct := Options[D]{Complete: o.Complete, Params: o.Params}
	at := make(map[identity]int)
	for _, opt := range o.List {
		if i, known := at[opt.identity()]; known {
			distinct.List[i].Sure = distinct.List[i].Sure || opt.Sure
			continue
		}
		at[opt.identity()] = len(distinct.List)
		distinct.List = append(distinct.List, opt)
	}
	return distinct
}
