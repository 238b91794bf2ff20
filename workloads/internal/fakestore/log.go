package fakestore

import (
	"faultline/cluster"
	"faultline/cluster/ops"
	"faultline/history"
)

// answerMost is how many entries a reading returns.
const answerMost = 50

// send appends a record. The first offset is 1.
func (s *store) send(op cluster.Op) cluster.Outcome {
	record := op.Value.String()
	kept := record
	if s.now(DropRecord, 50) || s.node == "n3" && s.now(LoseOnOne, 50) {
		kept = ""
	}
	s.state.Log = append(s.state.Log, kept)
	offset := int64(len(s.state.Log))
	if s.now(SendTwice, 50) {
		s.state.Log = append(s.state.Log, record)
	}
	return ok(ops.Record{Offset: offset, Value: op.Value}.Encode())
}

// records are those from an offset on.
func (s *store) records(f string, from int64) cluster.Outcome {
	var all []ops.Record
	for i, record := range s.state.Log {
		offset := int64(i + 1)
		skipped := s.bug == SkipRecord && f == ops.Poll && offset%50 == 0
		if offset >= from && record != "" && !skipped && len(all) < answerMost {
			all = append(all, ops.Record{Offset: offset, Value: parsed(record)})
		}
	}
	return ok(ops.EncodeRecords(all))
}

// put writes one key, or several at one revision.
func (s *store) put(op cluster.Op) cluster.Outcome {
	s.revise()
	several, isMap := op.Value.Map()
	if !isMap {
		several = [][2]history.Value{{history.TextValue(op.Key), op.Value}}
	}
	for _, kv := range several {
		key, _ := kv[0].Text()
		s.set(key, kv[1])
	}
	return ok(ops.Version{Revision: s.state.Revision, Value: op.Value}.Encode())
}

// revise makes a revision.
func (s *store) revise() {
	if s.state.Revision == 0 || !s.now(SameVersion, 50) {
		s.state.Revision++
	}
}

// set gives a key a value, at the present revision.
func (s *store) set(key string, v history.Value) {
	if v.Kind() == history.Nil {
		delete(s.state.Keys, key)
	} else {
		s.state.Keys[key] = v.String()
	}
	s.state.Events = append(s.state.Events, ops.Event{Revision: s.state.Revision, Key: key, Value: v}.Encode().String())
}

func (s *store) remove(key string) cluster.Outcome {
	if _, there := s.state.Keys[key]; !there {
		return ok(ops.Version{Value: history.NilValue()}.Encode())
	}
	s.revise()
	s.set(key, history.NilValue())
	return ok(ops.Version{Revision: s.state.Revision, Value: history.NilValue()}.Encode())
}

// events are those from a revision on, and never a part of one.
func (s *store) events(prefix string, from int64) cluster.Outcome {
	var all []ops.Event
	for i, text := range s.state.Events {
		e, err := ops.DecodeEvent(parsed(text))
		if err != nil || e.Revision < from || len(e.Key) < len(prefix) || e.Key[:len(prefix)] != prefix {
			continue
		}
		if len(all) >= answerMost && all[len(all)-1].Revision < e.Revision {
			break
		}
		if s.bug == DropEvent && i%50 == 0 || s.bug == TearWrite && len(all) == 0 && i > 0 && s.sameRevision(i, e.Revision) {
			continue
		}
		all = append(all, e)
	}
	return ok(ops.EncodeEvents(all))
}

// sameRevision reports whether the next event has a revision, too.
func (s *store) sameRevision(i int, revision int64) bool {
	if i+1 == len(s.state.Events) {
		return false
	}
	next, err := ops.DecodeEvent(parsed(s.state.Events[i+1]))
	return err == nil && next.Revision == revision
}

// txn reads and writes registers, whose changes nobody watches.
func (s *store) txn(op cluster.Op) cluster.Outcome {
	steps, err := ops.DecodeSteps(op.Value)
	if err != nil {
		return failed(err.Error())
	}
	written := false
	for i, step := range steps {
		key := op.Key + "/" + step.Key
		switch {
		case !step.Writes():
			steps[i].Value = s.value(key)
		case !written || !s.now(HalfTxn, 20):
			s.state.Keys[key] = step.Value.String()
			written = true
		}
	}
	return ok(ops.EncodeSteps(steps))
}
