package raftkv

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/raft"

	"faultline/cluster/raftnode"
)

// TestWhatAnErrorMeans is the table of outcomes, said a second time. Definite means that the operation
// did not take effect and never will: a client reports it as fail. Whatever is in doubt is indefinite.
func TestWhatAnErrorMeans(t *testing.T) {
	full := errors.New("no space left on device")
	for _, test := range []struct {
		err      error
		definite bool
		code     code
		name     string
	}{
		{raft.ErrNotLeader, true, codeNotLeader, "not-leader"},
		{raft.ErrEnqueueTimeout, true, codeRefused, "enqueue-timeout"},
		{raft.ErrLeadershipTransferInProgress, true, codeRefused, "leadership-transfer"},
		{raftnode.ErrNotReady, true, codeRefused, "not-ready"},
		{raftnode.ErrNotConfirmed, true, codeNotLeader, "not-confirmed"},
		{errNotApplied, true, codeRefused, "not-applied"},
		{raft.ErrLeadershipLost, false, codeIndefinite, "leadership-lost"},
		{raft.ErrRaftShutdown, false, codeIndefinite, "raft-shutdown"},
		{raft.ErrAbortedByRestore, false, codeIndefinite, "aborted-by-restore"},
		{full, false, codeIndefinite, "no space left on device"},
		{raft.ErrLogNotFound, false, codeIndefinite, "log not found"},
	} {
		for _, err := range []error{test.err, fmt.Errorf("apply: %w", test.err)} {
			code, name := classify(err)
			if code != test.code || code.definite() != test.definite {
				t.Errorf("%v is code %d, definite %v", err, code, code.definite())
			}
			if err == test.err && name != test.name {
				t.Errorf("%v is called %s", err, name)
			}
		}
	}
}

// TestTheTableSaysWhatIsDone: the documentation that is made from it must not differ from the code.
func TestTheTableSaysWhatIsDone(t *testing.T) {
	var names []string
	for _, o := range outcomes {
		if o.Definite != codeOf(o).definite() {
			t.Errorf("%s is documented as definite: %v", o.Name, o.Definite)
		}
		if o.Why == "" || slices.Contains(names, o.Name) {
			t.Errorf("%s has no reason, or is there twice", o.Name)
		}
		names = append(names, o.Name)
	}
}

// TestOnlyARefusalIsDefinite: a code that this client does not know leaves everything open.
func TestOnlyARefusalIsDefinite(t *testing.T) {
	for c := range code(255) {
		if want := c == codeNotLeader || c == codeRefused; c.definite() != want {
			t.Errorf("code %d is definite: %v", c, c.definite())
		}
	}
}
