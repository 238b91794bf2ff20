package txn

import (
	"fmt"
	"time"

	"faultline/checker"
	"faultline/checker/txn/internal/exact"
	"faultline/checker/txn/internal/graph"
	"faultline/checker/txn/internal/serial"
	"faultline/checker/txn/internal/weak"
	"faultline/checker/txn/models"
)

// answer is what is known of a model: that it is kept, or a finding that says why not or why that is unknown.
type answer struct {
	validity checker.Validity
	finding  checker.Finding
	refutes  models.Set // others that the finding refutes
}

// decider decides a model, given that no anomaly that was found refutes it. What has no decider is only known to be kept if a stronger
// model is.
type decider func(a *analysis) answer

// ofLists are the deciders of lists. Their versions have one order, so that most levels are what their anomalies are.
var ofLists = map[string]decider{
	models.ReadUncommitted: byAnomalies, models.StrongSessionReadUncommitted: byAnomalies, models.StrongReadUncommitted: byAnomalies,
	models.ReadCommitted: byAnomalies, models.StrongSessionReadCommitted: byAnomalies, models.StrongReadCommitted: byAnomalies,
	models.MonotonicAtomicView:       byViews,
	models.MonotonicView:             byExact(exact.MonotonicView, exact.Options{}),
	models.CursorStability:           ifUnread(byCursors, byItems(exact.CursorStability)),
	models.ConsistentView:            ifUnread(byAnomalies, consistentView),
	models.ForwardConsistentView:     ifUnread(byAnomalies, consistentView),
	models.UpdateSerializable:        ifUnread(byUpdates, byExact(exact.UpdateSerializable, exact.Options{})),
	models.RepeatableRead:            byAnomalies,
	models.ReadAtomic:                byLayers(layers{}, oneMiss, fracturedRead),
	models.UpdateAtomic:              ifUnread(byLayers(layers{updates: true}, oneMiss, missedByUpdate), byExact(exact.UpdateAtomic, exact.Options{})),
	models.CausalCerone:              byLayers(layers{deep: true}, oneMiss, nonCausalRead),
	models.Causal:                    bySessions,
	models.Prefix:                    byLayers(layers{prefix: true}, graph.Classes(models.Data), nonPrefixRead),
	models.ParallelSnapshotIsolation: ifUnread(byAnomalies, consistentView),
	models.SnapshotIsolation:         bySnapshots(models.Data, exact.Options{}),

	models.StrongSessionSnapshotIsolation: bySnapshots(models.Process, exact.Options{Sessions: true}),
	models.StrongSnapshotIsolation:        bySnapshots(models.Realtime, exact.Options{RealTime: true}),
	models.Serializable:                   byAnomalies, models.StrongSessionSerializable: byAnomalies, models.StrictSerializable: byAnomalies,
}

// ofRegisters are the deciders of registers, of which anomalies show no more than what can be inferred of the order of versions. Where only
// the flow of information matters that is all: if it has no circle, the versions can come in an order of the transactions, in which it has none
// either.
var ofRegisters = map[string]decider{
	models.ReadUncommitted: byAnomalies, models.StrongSessionReadUncommitted: byAnomalies, models.StrongReadUncommitted: byAnomalies,
	models.ReadCommitted: byAnomalies, models.StrongSessionReadCommitted: byAnomalies, models.StrongReadCommitted: byAnomalies,
	models.MonotonicAtomicView:       byWeak(weak.ReadCommitted, false),
	models.MonotonicView:             byExact(exact.MonotonicView, exact.Options{}),
	models.CursorStability:           byItems(exact.CursorStability),
	models.ConsistentView:            consistentView,
	models.ForwardConsistentView:     consistentView,
	models.UpdateSerializable:        byExact(exact.UpdateSerializable, exact.Options{}),
	models.RepeatableRead:            byItems(exact.Serializable),
	models.ReadAtomic:                byWeak(weak.ReadAtomic, false),
	models.UpdateAtomic:              byExact(exact.UpdateAtomic, exact.Options{}),
	models.CausalCerone:              byWeak(weak.Causal, false),
	models.Causal:                    causalByFlow,
	models.Prefix:                    byExact(exact.Prefix, exact.Options{}),
	models.ParallelSnapshotIsolation: consistentView,
	models.SnapshotIsolation:         byExact(exact.SnapshotIsolation, exact.Options{}),

	models.StrongSessionSnapshotIsolation: byExact(exact.SnapshotIsolation, exact.Options{Sessions: true}),
	models.StrongSnapshotIsolation:        byExact(exact.SnapshotIsolation, exact.Options{RealTime: true}),
	models.Serializable:                   byExact(exact.Serializable, exact.Options{}),
	models.StrongSessionSerializable:      byExact(exact.Serializable, exact.Options{Sessions: true}),
	models.StrictSerializable:             byExact(exact.Serializable, exact.Options{RealTime: true}),
}

// consistentView decides PL-2+. Parallel snapshot isolation is the same where transactions read their own writes (Crooks et al. 2017). So is forward
// consistent view where nobody sees when transactions start: it asks more only of those that start after others have committed.
var consistentView = byExact(exact.ConsistentView, exact.Options{})

// byAnomalies decides the models that are refuted by anomalies, and by nothing else.
func byAnomalies(*analysis) answer { return answer{validity: checker.Valid} }

// decide decides the models of a set that no anomaly refutes. Each one that is kept answers for those that it implies.
func (a *analysis) decide(open models.Set) []checker.Finding {
	var findings []checker.Finding
	var kept models.Set
	for _, name := range open.Names() { // stronger ones come first
		if kept.Has(name) || a.refuted().Has(name) {
			continue
		}
		answer := a.decideOne(name, &kept)
		if answer.validity == checker.Valid {
			kept |= models.Implied(models.Of(name))
			continue
		}
		if answer.validity == checker.Invalid {
			a.broken |= models.Of(name) | answer.refutes
		}
		f := answer.finding
		f.Rule, f.Validity = name, answer.validity
		findings = append(findings, f)
	}
	return findings
}

// decideOne decides a model by its decider, else by those of stronger models, the weakest of them first.
func (a *analysis) decideOne(name string, kept *models.Set) answer {
	deciders := a.data.deciders()
	if decide, ok := deciders[name]; ok {
		return decide(a)
	}
	names := models.Names()
	for i := len(names) - 1; i >= 0; i-- {
		stronger := names[i]
		decide, ok := deciders[stronger]
		if !ok || !models.Implied(models.Of(stronger)).Has(name) || a.refuted().Has(stronger) {
			continue
		}
		if answer := decide(a); answer.validity == checker.Valid {
			*kept |= models.Implied(models.Of(stronger))
			return answer
		}
	}
	return answer{finding: checker.Finding{Sentence: "nothing refutes " + name + ", and no stronger level that could be decided is kept"}}
}

// byWeak decides by the near-linear algorithms for weak levels, with the order of sessions or without.
func byWeak(level weak.Level, sessions bool) decider {
	return func(a *analysis) answer {
		a.by("visibility")
		w := a.writeRead(everything, sessions)
		switch r := weak.Check(w.History, level, a.stop); {
		case r == nil:
			return answer{finding: checker.Finding{Bound: checker.TimeBound, Sentence: "the time was up before it was known what each transaction had seen"}}
		case r.Valid():
			return answer{validity: checker.Valid}
		default:
			return answer{validity: checker.Invalid, finding: a.ofViolation(w, &r.Violations[0])}
		}
	}
}

// causalByFlow decides causal consistency of registers. What breaks it without sessions says more.
func causalByFlow(a *analysis) answer {
	found := byWeak(weak.Causal, true)(a)
	if found.validity != checker.Invalid {
		return found
	}
	if without := byWeak(weak.Causal, false)(a); without.validity == checker.Invalid {
		without.refutes = models.Of(models.CausalCerone)
		return without
	}
	return found
}

// byExact decides by search, see ordered.
func byExact(level exact.Level, o exact.Options) decider {
	return func(a *analysis) answer { return a.ordered(level, o, a.writeRead(everything, o.Sessions)) }
}

// byItems decides in the same way levels at which predicates may miss what was inserted.
func byItems(level exact.Level) decider {
	return func(a *analysis) answer { return a.ordered(level, exact.Options{}, a.writeRead(items, false)) }
}

// ordered decides by the order of commits that the store claims, if that is one; else by search, with a bound on its steps that follows from the
// time: for an order of the transactions in real time, which any store has that does one after the other, and then within what is inferred of the
// order of versions.
func (a *analysis) ordered(level exact.Level, o exact.Options, w writeRead) answer {
	o.Steps = max(1, int64(float64(exact.DefaultSteps)*min(1, float64(a.timeout)/float64(stepsTake))))
	o.Memory, o.Stop = a.memory, a.stop
	if rank := a.claimed(w); rank != nil && exact.Confirms(w.History, level, o, rank) {
		a.by("the order that the store claims")
		return answer{validity: checker.Valid}
	}
	if a.serial(o.Steps / serialShare) {
		a.by("an order of the transactions")
		return answer{validity: checker.Valid}
	}
	a.by("search")
	r := exact.Check(w.History, level, o)
	switch r.Validity {
	case checker.Valid:
		return answer{validity: checker.Valid}
	case checker.Invalid:
		return answer{validity: checker.Invalid, finding: a.ofProof(w, r)}
	default:
		sentence := fmt.Sprintf("the %s was not enough to find an order of the versions, or that there is none", r.Bound)
		return answer{finding: checker.Finding{Bound: r.Bound, Sentence: sentence}}
	}
}

// serial reports whether an order of the transactions in real time is found in so many steps. Such an order keeps every level.
func (a *analysis) serial(steps int64) bool {
	if !a.serialTried {
		a.serialTried = true
		a.isSerial = serial.Order(a.writeRead(everything, false).History, steps, a.memory, a.stop) != nil
	}
	return a.isSerial
}

// serialShare is the part of the steps that the first search gets.
const serialShare = 8

// stepsTake is how long the steps take that exact makes by default.
const stepsTake = 10 * time.Second
