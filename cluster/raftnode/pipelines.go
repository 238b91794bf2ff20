package raftnode

import (
	"slices"
	"sync"

	"github.com/hashicorp/raft"
)

// pipelining is raft's own NetworkTransport, which knows its open pipelines for the day that the process dies. It is what raft gets where it is
// to pipeline; else package transport is faster.
//
// A replication goroutine of raft v1.8.0 can wait for ever in a pipeline. A pipeline holds two requests. The
// follower refuses the first, since its disk fails; pipelineDecode returns, and nobody takes answers any more.
// pipelineReplicate has been told so, and of a new entry too: select takes either, and if it takes the entry,
// AppendEntries waits to hand over the third request, decodeResponses waits to hand over the second answer, and
// the pipeline is closed when pipelineReplicate returns. (raft issue 612.) In a living node that is what a run is to find. In a
// dead one the goroutine would keep raft from ever shutting down, and with it the world.
type pipelining struct {
	*raft.NetworkTransport

	mu        sync.Mutex
	pipelines []*pipeline // open, oldest first
}

// AppendEntriesPipeline opens a pipeline.
func (t *pipelining) AppendEntriesPipeline(id raft.ServerID, to raft.ServerAddress) (raft.AppendPipeline, error) {
	opened, err := t.NetworkTransport.AppendEntriesPipeline(id, to)
	if err != nil {
		return nil, err
	}
	p := &pipeline{opened, t}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pipelines = append(t.pipelines, p)
	return p, nil
}

// abandon closes all pipelines, of a node whose host is cut off: it will open no other.
func (t *pipelining) abandon() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.pipelines {
		_ = p.AppendPipeline.Close()
	}
}

type pipeline struct {
	raft.AppendPipeline
	transport *pipelining
}

// Close implements raft.AppendPipeline.
func (p *pipeline) Close() error {
	t := p.transport
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pipelines = slices.DeleteFunc(t.pipelines, func(open *pipeline) bool { return open == p })
	return p.AppendPipeline.Close()
}
