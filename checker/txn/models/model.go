package models

import (
	"fmt"
	"slices"

	"faultline/internal/nearest"
)

// Model is a level of isolation.
type Model struct {
	Name string
	Also []string // other names: Adya's, Elle's
	Doc  string   // what it promises, in a line

	// Implies names the next weaker models: what keeps this one keeps those too.
	Implies []string
	// Proscribes names the anomalies that refute the model, beyond those that refute a weaker one.
	Proscribes []string
	// Source says where the definition is from.
	Source string
}

// The names of the models.
const (
	StrictSerializable             = "strict-serializable"
	StrongSessionSerializable      = "strong-session-serializable"
	StrongSnapshotIsolation        = "strong-snapshot-isolation"
	Serializable                   = "serializable"
	StrongSessionSnapshotIsolation = "strong-session-snapshot-isolation"
	SnapshotIsolation              = "snapshot-isolation"
	ParallelSnapshotIsolation      = "parallel-snapshot-isolation"
	Prefix                         = "prefix"
	Causal                         = "causal"
	CausalCerone                   = "causal-cerone"
	UpdateAtomic                   = "update-atomic"
	ReadAtomic                     = "read-atomic"
	RepeatableRead                 = "repeatable-read"
	UpdateSerializable             = "update-serializable"
	ForwardConsistentView          = "forward-consistent-view"
	ConsistentView                 = "consistent-view"
	CursorStability                = "cursor-stability"
	MonotonicView                  = "monotonic-view"
	MonotonicSnapshotRead          = "monotonic-snapshot-read"
	MonotonicAtomicView            = "monotonic-atomic-view"
	StrongReadCommitted            = "strong-read-committed"
	StrongSessionReadCommitted     = "strong-session-read-committed"
	ReadCommitted                  = "read-committed"
	StrongReadUncommitted          = "strong-read-uncommitted"
	StrongSessionReadUncommitted   = "strong-session-read-uncommitted"
	ReadUncommitted                = "read-uncommitted"
)

// all lists the models, stronger ones before the weaker ones that they imply.
var all = []Model{
	{
		Name: StrictSerializable, Also: []string{"PL-SS", "strong-serializable"},
		Doc:        "one order of all transactions, in which a transaction that returned before another was invoked comes first",
		Implies:    []string{StrongSessionSerializable, StrongSnapshotIsolation},
		Proscribes: []string{"G2-realtime"}, Source: "Adya 1999, PL-SS",
	},
	{
		Name: StrongSessionSerializable, Also: []string{"strong-session-PL-3"},
		Doc:        "one order of all transactions, which keeps the order of each session",
		Implies:    []string{Serializable, StrongSessionSnapshotIsolation},
		Proscribes: []string{"G2-process"}, Source: "Daudjee and Salem 2004",
	},
	{
		Name: StrongSnapshotIsolation, Also: []string{"strong-SI"},
		Doc:        "snapshot isolation, and a snapshot holds everything committed before its transaction began",
		Implies:    []string{StrongSessionSnapshotIsolation, StrongReadCommitted},
		Proscribes: []string{"G-nonadjacent-realtime"}, Source: "Daudjee and Salem 2006",
	},
	{
		Name: Serializable, Also: []string{"PL-3", "conflict-serializable", "1SR"},
		Doc:        "one order of all transactions",
		Implies:    []string{RepeatableRead, SnapshotIsolation, UpdateSerializable},
		Proscribes: []string{"G2"}, Source: "Adya 1999, PL-3",
	},
	{
		Name: StrongSessionSnapshotIsolation, Also: []string{"strong-session-SI"},
		Doc:        "snapshot isolation, and a snapshot holds what its session did before",
		Implies:    []string{SnapshotIsolation, Causal, StrongSessionReadCommitted},
		Proscribes: []string{"G-nonadjacent-process"}, Source: "Daudjee and Salem 2006; Cerone and Gotsman 2016",
	},
	{
		Name: SnapshotIsolation, Also: []string{"SI", "PL-SI", "generalized-snapshot-isolation"},
		Doc:        "reads see one snapshot, and of two concurrent transactions that write the same one aborts",
		Implies:    []string{ForwardConsistentView, MonotonicSnapshotRead, ParallelSnapshotIsolation, Prefix},
		Proscribes: []string{"G-nonadjacent"}, Source: "Cerone and Gotsman 2016",
	},
	{
		Name: ParallelSnapshotIsolation, Also: []string{"PSI"},
		Doc:        "snapshot isolation of each replica: two transactions may see two others in different orders",
		Implies:    []string{CausalCerone, UpdateAtomic},
		Proscribes: []string{"G-single"}, Source: "Cerone and Gotsman 2016",
	},
	{
		Name: Prefix, Also: []string{"prefix-consistency"},
		Doc:        "one order of all writes; each transaction reads from a prefix of it",
		Implies:    []string{CausalCerone},
		Proscribes: []string{"long-fork"}, Source: "Cerone, Bernardi and Gotsman 2015, PREFIX",
	},
	{
		Name: Causal, Also: []string{"causal-consistency", "transactional-causal-consistency", "TCC"},
		Doc:     "atomic views that hold everything causally before what they hold: by reads and by the order of sessions",
		Implies: []string{CausalCerone, StrongSessionReadCommitted},
		Source:  "Lloyd and others 2011; Biswas and Enea 2019",
	},
	{
		Name:       CausalCerone,
		Doc:        "atomic views that hold everything causally before what they hold: by reads alone",
		Implies:    []string{ReadAtomic},
		Proscribes: []string{"non-causal-read"}, Source: "Cerone, Bernardi and Gotsman 2015, TRANSVIS",
	},
	{
		Name:       UpdateAtomic,
		Doc:        "atomic views, and no update is lost",
		Implies:    []string{ReadAtomic},
		Proscribes: []string{"lost-update"}, Source: "Cerone, Bernardi and Gotsman 2015, NOCONFLICT",
	},
	{
		Name:       ReadAtomic,
		Doc:        "other transactions see all or nothing of what a transaction wrote",
		Implies:    []string{MonotonicAtomicView},
		Proscribes: []string{"internal", "fractured-read"}, Source: "Cerone, Bernardi and Gotsman 2015, INT and EXT; Bailis and others 2014",
	},
	{
		Name: RepeatableRead, Also: []string{"PL-2.99"},
		Doc:        "one order of all transactions for single items, but not for predicates",
		Implies:    []string{CursorStability}, // not monotonic-atomic-view: predicates may miss some of what was seen
		Proscribes: []string{"G2-item"}, Source: "Adya 1999, PL-2.99",
	},
	{
		Name: UpdateSerializable, Also: []string{"PL-3U"},
		Doc:        "transactions that write are serializable, and each read-only transaction is serializable with them, by itself",
		Implies:    []string{ForwardConsistentView},
		Proscribes: []string{"G-update"}, Source: "Adya 1999, PL-3U",
	},
	{
		Name: ForwardConsistentView, Also: []string{"PL-FCV"},
		Doc:     "a transaction may see commits after it began, and misses no effects of a transaction that it has seen",
		Implies: []string{ConsistentView},
		Source:  "Adya 1999, PL-FCV",
	},
	{
		Name: ConsistentView, Also: []string{"PL-2+"},
		Doc:        "a transaction misses no effects of the transactions that it depends on",
		Implies:    []string{CursorStability, MonotonicView},
		Proscribes: []string{"G-single"}, Source: "Adya 1999, PL-2+",
	},
	{
		Name: CursorStability, Also: []string{"PL-CS"},
		Doc:        "read committed, and no update through a cursor is lost",
		Implies:    []string{ReadCommitted},
		Proscribes: []string{"lost-update"}, Source: "Adya 1999, PL-CS; Bailis and others 2013",
	},
	{
		Name: MonotonicView, Also: []string{"PL-2L"},
		Doc:     "what a transaction sees only grows, as with long read locks",
		Implies: []string{ReadCommitted},
		Source:  "Adya 1999, PL-2L",
	},
	{
		Name: MonotonicSnapshotRead, Also: []string{"PL-MSR"},
		Doc:     "each read sees a snapshot, and snapshots only grow",
		Implies: []string{ReadCommitted},
		Source:  "Adya 1999, PL-MSR",
	},
	{
		Name: MonotonicAtomicView, Also: []string{"MAV"},
		Doc:     "once a transaction has seen an effect of another, it sees all its effects",
		Implies: []string{ReadCommitted},
		Source:  "Bailis and others 2013",
	},
	{
		Name: StrongReadCommitted, Also: []string{"strong-PL-2"},
		Doc:        "read committed, and information does not flow against real time",
		Implies:    []string{StrongSessionReadCommitted, StrongReadUncommitted},
		Proscribes: []string{"G1c-realtime"}, Source: "Elle",
	},
	{
		Name: StrongSessionReadCommitted, Also: []string{"strong-session-PL-2"},
		Doc:        "read committed, and information does not flow against the order of a session",
		Implies:    []string{ReadCommitted, StrongSessionReadUncommitted},
		Proscribes: []string{"G1c-process"}, Source: "Elle",
	},
	{
		Name: ReadCommitted, Also: []string{"PL-2"},
		Doc:        "no dirty reads: every value read was committed and is final",
		Implies:    []string{ReadUncommitted},
		Proscribes: []string{"G1a", "G1b", "G1c"}, Source: "Adya 1999, PL-2",
	},
	{
		Name: StrongReadUncommitted, Also: []string{"strong-PL-1"},
		Doc:        "writes are ordered, also in real time",
		Implies:    []string{StrongSessionReadUncommitted},
		Proscribes: []string{"G0-realtime"}, Source: "Elle",
	},
	{
		Name: StrongSessionReadUncommitted, Also: []string{"strong-session-PL-1"},
		Doc:        "writes are ordered, and those of a session as it wrote them",
		Implies:    []string{ReadUncommitted},
		Proscribes: []string{"G0-process"}, Source: "Elle",
	},
	{
		Name: ReadUncommitted, Also: []string{"PL-1"},
		Doc:        "no dirty writes: the writes of any two transactions are in one order",
		Proscribes: []string{"G0"}, Source: "Adya 1999, PL-1",
	},
}

// All lists the models, stronger ones before the weaker ones that they imply.
func All() []Model { return slices.Clone(all) }

// Names are the names of All.
func Names() []string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.Name
	}
	return names
}

// ByName finds a model by its name or another that it goes by, a leading colon aside. The error says what was probably meant.
func ByName(name string) (Model, error) {
	if i := place(name); i >= 0 {
		return all[i], nil
	}
	known := Names()
	for _, m := range all {
		known = append(known, m.Also...)
	}
	hint := nearest.Hint(name, known, "there are")
	if nearest.Word(name, known) == "" {
		hint = nearest.Hint(name, Names(), "there are")
	}
	return Model{}, fmt.Errorf("unknown level of isolation %q; %s", name, hint)
}
