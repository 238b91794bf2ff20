package bugs

import (
	"github.com/hashicorp/raft"

	"faultline/cluster/raftkv"
)

func lostInBatch(_ *raftkv.Node, m raftkv.FSM) raft.FSM {
	return &batcher{m, func(m raftkv.FSM, logs []*raft.Log, answers []any) {
		last := -1 // the last write
		for i, l := range logs {
			if c, ok := raftkv.DecodeCommand(l); ok && puts(&c) {
				last = i
			}
		}
		for i, l := range logs {
			if c, ok := raftkv.DecodeCommand(l); ok && puts(&c) && i != last {
				answers[i] = skip(m, l)
			} else {
				answers[i] = applyOne(m, l)
			}
		}
	}}
}

func mapOrder(_ *raftkv.Node, m raftkv.FSM) raft.FSM {
	return &batcher{m, func(m raftkv.FSM, logs []*raft.Log, answers []any) {
		byClient := map[uint64][]int{}
		for i, l := range logs {
			c, _ := raftkv.DecodeCommand(l) // what is no command is nobody's
			byClient[c.Client] = append(byClient[c.Client], i)
		}
		for _, positions := range byClient {
			for _, i := range positions {
				answers[i] = applyOne(m, logs[i])
			}
		}
		m.Skip(logs[len(logs)-1].Index) // so much is applied
	}}
}

// batcher is a state machine that takes entries in batches.
type batcher struct {
	raftkv.FSM
	batch func(m raftkv.FSM, logs []*raft.Log, answers []any)
}

var _ raft.BatchingFSM = (*batcher)(nil)

func (b *batcher) ApplyBatch(logs []*raft.Log) []any {
	answers := make([]any, len(logs))
	b.batch(b.FSM, logs, answers)
	return answers
}

// applyOne applies an entry of any kind that raft hands to a state machine in a batch.
func applyOne(m raftkv.FSM, l *raft.Log) any {
	if l.Type == raft.LogConfiguration {
		m.StoreConfiguration(l.Index, raft.DecodeConfiguration(l.Data))
		return nil
	}
	return m.Apply(l)
}
