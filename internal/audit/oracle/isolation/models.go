package isolation

import "faultline/internal/audit/oracle"

// Model is an isolation level.
type Model struct {
	Name    string   // as Elle and Jepsen have it
	Implies []string // levels that keep whatever keeps this one

	strict  level
	lenient *level // the other reading of its definition; nil if there is none
	// adya says that histories in which transactions do not read their own writes, or lists are mixed, are none of those that the
	// definition speaks of.
	adya bool
}

// Keeps is whether a history that is not malformed keeps the level; Open if that depends on how one reads the definition.
func (m Model) Keeps(h *History) oracle.Answer {
	switch {
	case m.strict.keptBy(h):
		return oracle.Yes
	case m.adya && h.mixed(), m.lenient != nil && m.lenient.keptBy(h):
		return oracle.Open
	}
	return oracle.No
}

// Models are all levels.
func Models() []Model {
	var (
		committed   = level{admits: anyVersion}
		uncommitted = level{accepts: readUncommitted, blind: true}
		snapshot    = level{repeatable: true, admits: firstCommitterWins}
		serial      = level{repeatable: true, admits: current}
		prefix      = level{repeatable: true, admits: fromSnapshot}
	)
	return []Model{
		adya("read-uncommitted", uncommitted),
		adya("strong-session-read-uncommitted", uncommitted.keeping(bySession), "read-uncommitted"),
		adya("strong-read-uncommitted", uncommitted.keeping(byRealTime), "strong-session-read-uncommitted"),
		adya("read-committed", committed, "read-uncommitted"),
		adya("strong-session-read-committed", committed.keeping(bySession), "read-committed", "strong-session-read-uncommitted"),
		adya("strong-read-committed", committed.keeping(byRealTime), "strong-session-read-committed", "strong-read-uncommitted"),
		{Name: "monotonic-atomic-view", Implies: []string{"read-committed"}, adya: true,
			strict: level{admits: monotonicAtomicView(false)}, lenient: &level{admits: monotonicAtomicView(true)}},
		{Name: "strong-session-monotonic-atomic-view", Implies: []string{"monotonic-atomic-view", "strong-session-read-committed"}, adya: true,
			strict:  level{admits: monotonicAtomicView(false), precedence: bySession},
			lenient: &level{admits: monotonicAtomicView(true), precedence: bySession}},
		adya("monotonic-view", level{admits: monotonicView}, "read-committed"),
		{Name: "cursor-stability", Implies: []string{"read-committed"}, adya: true,
			strict: level{admits: anyVersion, accepts: noGCursor(true)}, lenient: &level{admits: anyVersion, accepts: noGCursor(false)}},
		adya("consistent-view", level{admits: anyVersion, accepts: noGSingle}, "cursor-stability", "monotonic-view"),
		{Name: "repeatable-read", Implies: []string{"cursor-stability"}, adya: true,
			strict: level{admits: anyVersion, accepts: noG2Item}, lenient: &level{admits: anyVersion, accepts: noG2OfItems}},
		adya("update-serializable", level{admits: anyVersion, accepts: noGUpdate}, "consistent-view"),
		visible("read-atomic", visibility{}, unordered, "monotonic-atomic-view"),
		visible("strong-session-read-atomic", visibility{}, bySession, "read-atomic", "strong-session-monotonic-atomic-view"),
		visible("update-atomic", visibility{conflicts: true}, unordered, "read-atomic"),
		visible("causal-cerone", visibility{transitive: true}, unordered, "read-atomic"),
		visible("causal", visibility{transitive: true}, bySession, "causal-cerone", "strong-session-read-atomic"),
		model("prefix", prefix, "causal-cerone"),
		model("strong-session-prefix", prefix.keeping(bySession), "prefix", "causal"),
		visible("parallel-snapshot-isolation", visibility{transitive: true, conflicts: true}, unordered, "causal-cerone", "update-atomic", "consistent-view"),
		visible("strong-session-parallel-snapshot-isolation", visibility{transitive: true, conflicts: true}, bySession,
			"parallel-snapshot-isolation", "causal"),
		model("snapshot-isolation", snapshot, "prefix", "parallel-snapshot-isolation"),
		model("strong-session-snapshot-isolation", snapshot.keeping(bySession), "snapshot-isolation", "strong-session-prefix",
			"strong-session-parallel-snapshot-isolation", "strong-session-read-committed"),
		model("strong-snapshot-isolation", snapshot.keeping(byRealTime), "strong-session-snapshot-isolation", "strong-read-committed"),
		model("serializable", serial, "snapshot-isolation", "repeatable-read", "update-serializable"),
		model("strong-session-serializable", serial.keeping(bySession), "serializable", "strong-session-snapshot-isolation"),
		model("strict-serializable", serial.keeping(byRealTime), "strong-session-serializable", "strong-snapshot-isolation"),
	}
}

// ModelByName panics if there is none.
func ModelByName(name string) Model {
	for _, m := range Models() {
		if m.Name == name {
			return m
		}
	}
	panic("isolation: no model " + name)
}

func (l level) keeping(p precedence) level {
	l.precedence = p
	return l
}

func model(name string, l level, implies ...string) Model {
	return Model{Name: name, Implies: implies, strict: l}
}

func adya(name string, l level, implies ...string) Model {
	m := model(name, l, implies...)
	m.adya = true
	return m
}

func visible(name string, v visibility, p precedence, implies ...string) Model {
	lenient := &level{precedence: p, repeatable: true, admits: v.admits}
	v.elements = true
	return Model{Name: name, Implies: implies, strict: level{precedence: p, repeatable: true, admits: v.admits}, lenient: lenient}
}
