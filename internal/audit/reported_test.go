package audit

import (
	"slices"
	"strings"

	"faultline/internal/audit/oracle"
)

// differences are those that were found and are not mended yet. They do not fail the audit.
var differences = []struct {
	is  func(kind string, smallest sample) bool
	why string
}{
	{named("monotonic-reads, cas-register: valid"), "a cas that found something is a read"},
	{named("no operation is ok"), "a failed cas that compared says something"},
	{named("guessed cas-register, invalid; valid as [counter]"), "reads alone fit other models"},
	{equalCAS, "the consistency models take a cas of equal values for no write"},
	{initially("linearizations"), "the orders that are shown begin with the model's own value"},
	{named("least bound, cas-register: the least bound does not do"), "no bound does, and 0 is returned"},
	{nullElement, "a queue may hold null"},
}

func named(part string) func(string, sample) bool {
	return func(kind string, _ sample) bool { return strings.Contains(kind, part) }
}

func initially(judge string) func(string, sample) bool {
	return func(kind string, s sample) bool {
		return strings.HasPrefix(kind, judge) && s.initial.Kind() != oracle.None
	}
}

func equalCAS(_ string, s sample) bool {
	return slices.ContainsFunc(s.events, func(e oracle.Event) bool {
		return e.F == "cas" && e.Type == oracle.Invoke && e.Value.Items()[0].Equal(e.Value.Items()[1])
	})
}

func nullElement(_ string, s sample) bool {
	initially := slices.ContainsFunc(s.initial.Items(), func(v oracle.Value) bool { return v.Kind() == oracle.Nil })
	return initially || slices.ContainsFunc(s.events, func(e oracle.Event) bool {
		return (e.F == "enqueue" || e.F == "push") && e.Value.Kind() == oracle.Nil
	})
}

// reported says why a kind of difference is known; empty if it is new.
func reported(kind string, smallest sample) string {
	for _, d := range differences {
		if d.is(kind, smallest) {
			return d.why
		}
	}
	return ""
}
