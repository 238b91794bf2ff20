package workloads

import (
	"slices"

	"faultline/cluster/ops"
	"faultline/history"
)

// run is what somebody types in a row.
type run struct {
	left     int // how many characters are left of it
	at       int // where the next one goes, in what the client has before it
	forwards bool
}

const (
	shareOfDeletedCharacters = 0.2 // of what is not in a run
	shareOfForwardRuns       = 0.7
	runsMost                 = 5 // characters
)

// updateText goes on with a run, begins one, or deletes a character. Somebody who has read nothing reads first.
func updateText(t *replicasThread, s *view) (string, history.Value, bool) {
	switch {
	case s.value.Kind() == history.None:
		return "", history.Value{}, false
	case t.typing == nil && len(s.text) > 0 && t.draw.Float64() < shareOfDeletedCharacters:
		return ops.Delete, history.TextValue(s.text[t.draw.IntN(len(s.text))]), true
	case t.typing == nil:
		s.run = run{left: 1 + t.draw.IntN(runsMost), at: t.place(s), forwards: t.draw.Float64() < shareOfForwardRuns}
	}
	if s.run.left--; s.run.left > 0 {
		t.typing = t.asked
	} else {
		t.typing = nil
	}
	return ops.Insert, history.ListValue(s.name(s.run.at-1), s.name(s.run.at)), true
}

// place is where a run begins: often at the end or the beginning, where others are too.
func (t *replicasThread) place(s *view) int {
	switch t.draw.IntN(4) {
	case 0:
		return 0
	case 1:
		return t.draw.IntN(len(s.text) + 1)
	default:
		return len(s.text)
	}
}

// name is that of a character, or null for the beginning and the end.
func (s *view) name(i int) history.Value {
	if i < 0 || i >= len(s.text) {
		return history.NilValue()
	}
	return history.TextValue(s.text[i])
}

// edited changes what the client has before it, if that is a text.
func (s *view) edited(f string, u ops.Update) {
	switch f {
	case ops.Insert:
		s.text = slices.Insert(s.text, s.run.at, u.Dot.String())
		if s.run.forwards {
			s.run.at++
		}
	case ops.Delete:
		name, _ := u.Argument.Text()
		s.text = slices.DeleteFunc(s.text, func(c string) bool { return c == name })
	}
}

// texts are the elements of a list that are texts.
func texts(v history.Value) (all []string) {
	for e := range v.Elements {
		if s, ok := e.Text(); ok {
			all = append(all, s)
		}
	}
	return all
}
