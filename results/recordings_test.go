package results

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"faultline/cluster/report"
)

var sampleMessages = []report.Message{
	{ID: 1, From: "process 7", To: "n1", Kind: "write", Sent: time.Millisecond, Received: 2 * time.Millisecond, Detail: "k1 := <b>&\n"},
	{ID: 2, From: "n1", To: "n2", Kind: "AppendEntries", Sent: 2 * time.Millisecond, Received: 3 * time.Millisecond, Term: 4, Detail: "prev 120/3, entries 121-123, commit 118"},
	{ID: 3, From: "n1", To: "n3", Kind: "AppendEntries", Sent: 2 * time.Millisecond, Received: -1, Term: 4},
	{ID: 4, From: "n2", To: "n1", Kind: "AppendEntriesResponse", Sent: 4 * time.Millisecond, Received: 5 * time.Millisecond, ReplyTo: 2, Term: 4},
}

func TestMessagesAreReadBack(t *testing.T) {
	r := sampleRun(t, 7, 1)
	dir := keep(t, openCampaign(t), r)
	if _, err := ReadMessages(dir); !errors.Is(err, ErrNotTraced) || !strings.Contains(err.Error(), dir) {
		t.Errorf("a run without a trace: %v", err)
	}
	if err := WriteMessages(dir, sampleMessages); err != nil {
		t.Fatal(err)
	}
	r.Messages = sampleMessages
	for _, dir := range []string{dir, keep(t, openCampaign(t), r)} {
		if got, err := ReadMessages(dir); err != nil || !reflect.DeepEqual(got, sampleMessages) {
			t.Errorf("%v, %v", got, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, messagesFile), []byte("{}\n{\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadMessages(dir); err == nil || !strings.Contains(err.Error(), "messages.jsonl:2: ") {
		t.Errorf("a damaged trace: %v", err)
	}
}

// Runs that were made before progress was recorded can still be looked at.
func TestRunWithoutProgressIsRead(t *testing.T) {
	dir := keep(t, openCampaign(t), sampleRun(t, 7, 1))
	if err := os.Remove(filepath.Join(dir, progressFile)); err != nil {
		t.Fatal(err)
	}
	if r, err := ReadRun(dir); err != nil || r.Progress != nil {
		t.Errorf("%v, %v", r, err)
	}
}
