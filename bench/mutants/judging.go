package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/grpclint/grpclint/bench/mutants/mutant"
)

// A mutant that takes this much longer than the program that it was made of
// does not end.
const (
	mostFold = 20
	mostMore = 5 * time.Second
)

// A jury is a judge at work.
type jury struct {
	cmd     *exec.Cmd
	ask     io.WriteCloser
	answers chan json.RawMessage // closed when it has ended
	seen    []uint32             // by condition
	usual   time.Duration        // how long the cases take without a mutant
}

func call(program string, u *unit) (*jury, error) {
	cmd := exec.Command(program, append([]string{u.family.name, strconv.Itoa(len(u.family.conditions))}, u.folders...)...)
	ask, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	j := &jury{cmd: cmd, ask: ask, answers: make(chan json.RawMessage)}
	go func() {
		defer close(j.answers)
		for decoder := json.NewDecoder(stdout); ; {
			var answer json.RawMessage
			if decoder.Decode(&answer) != nil {
				return
			}
			j.answers <- answer
		}
	}()
	first, ok := <-j.answers
	if !ok {
		return nil, fmt.Errorf("%s: %w\n%s", u.name, cmd.Wait(), said.String())
	}
	if err := json.Unmarshal(first, &j.seen); err != nil {
		return nil, err
	}
	// Not mutated, to see how long that takes and that it changes nothing.
	start := time.Now()
	noticed, ended := j.notices(-1, 0, time.Hour)
	j.usual = time.Since(start)
	if noticed || !ended {
		return nil, fmt.Errorf("%s: the cases find something else each time", u.name)
	}
	return j, nil
}

// notices reports whether the cases notice a mutant, and whether they ended in
// time.
func (j *jury) notices(condition int, kind mutant.Kind, most time.Duration) (noticed, ended bool) {
	if _, err := fmt.Fprintln(j.ask, condition, int(kind)); err != nil {
		return true, false
	}
	select {
	case answer, ok := <-j.answers:
		return string(answer) != "false", ok
	case <-time.After(most):
		return true, false
	}
}

func (j *jury) dismiss() error {
	if err := j.ask.Close(); err != nil {
		return err
	}
	if err := j.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	for range j.answers {
	}
	_ = j.cmd.Wait() // it was killed
	return nil
}

// judge runs the cases of a unit for each of its mutants, and tells which
// survive.
func judge(program string, u *unit, survives func(string)) (t tally, err error) {
	j, err := call(program, u)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, j.dismiss()) }()
	for _, i := range u.conditions {
		c := u.family.conditions[i]
		var unnoticed []string
		for _, kind := range c.kinds {
			noticed := false
			if j.seen[i]&needed[kind] != 0 { // else it is nowhere another
				var ended bool
				if noticed, ended = j.notices(i, kind, mostFold*j.usual+mostMore); !ended {
					if err := j.dismiss(); err != nil {
						return t, err
					}
					if j, err = call(program, u); err != nil {
						return t, err
					}
				}
			}
			t.count(kind, noticed)
			if !noticed {
				unnoticed = append(unnoticed, c.as(kind))
			}
		}
		switch {
		case j.seen[i] == 0:
			survives(fmt.Sprintf("%s: %s: no case comes here", c.place(), oneLine(c.text)))
		case len(unnoticed) > 0:
			survives(fmt.Sprintf("%s: %s: %s", c.place(), oneLine(c.text), strings.Join(unnoticed, ", ")))
		}
	}
	return t, nil
}

// needed is what a condition has to be somewhere for a mutant to differ.
var needed = map[mutant.Kind]uint32{mutant.Not: mutant.SeenTrue | mutant.SeenFalse, mutant.True: mutant.SeenFalse, mutant.False: mutant.SeenTrue, mutant.Edge: mutant.SeenEdge}

// place says where a condition stands, as editors understand it.
func (c condition) place() string {
	file := c.at.Filename
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, file); err == nil {
			file = filepath.ToSlash(rel)
		}
	}
	return fmt.Sprintf("%s:%d:%d", file, c.at.Line, c.at.Column)
}

// as says what a mutant makes of a condition.
func (c condition) as(kind mutant.Kind) string {
	switch kind {
	case mutant.Not:
		return "negated"
	case mutant.True:
		return "always"
	case mutant.False:
		return "never"
	}
	return "as " + oneLine(c.edge)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
