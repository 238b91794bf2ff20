package recorded

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"faultline/checker"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const staleRead = `{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value nil}
`

func TestAnInvalidHistoryComesWithItsReason(t *testing.T) {
	r, err := Check(context.Background(), write(t, "history.edn", staleRead), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict.Validity != checker.Invalid || r.Model != "register" || r.Guessed == "" || r.Events != 4 || r.Timed {
		t.Errorf("got %+v", r)
	}
	if f := r.Verdict.Parts[0].Findings[0]; len(f.Operations) != 2 {
		t.Errorf("not explained: %+v", f)
	}
}

func TestACompressedHistoryIsReadAsItIs(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(staleRead)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Check(context.Background(), write(t, "anything", b.String()), Options{})
	if err != nil || r.Verdict.Validity != checker.Invalid {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestADirectoryStandsForTheHistoryInIt(t *testing.T) {
	path := write(t, "history.edn", staleRead)
	r, err := Check(context.Background(), filepath.Dir(path), Options{})
	if err != nil || r.File != path {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestAModelIsNotGuessedWhereTwoWouldDo(t *testing.T) {
	path := write(t, "history.edn", "{:process 0 :type :invoke :f :dequeue}\n{:process 0 :type :ok :f :dequeue :value 1}\n")
	_, err := Check(context.Background(), path, Options{})
	if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), "fifo-queue") {
		t.Errorf("got %v", err)
	}
	r, err := Check(context.Background(), path, Options{Model: "unordered-queue"})
	if err != nil || r.Verdict.Validity != checker.Invalid {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestNothingToCheckIsUnknown(t *testing.T) {
	path := write(t, "history.edn", "{:process :nemesis :type :info :f :start}\n")
	r, err := Check(context.Background(), path, Options{Model: "register"})
	if err != nil || r.Verdict.Validity != checker.Unknown {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestAHistoryThatBreaksTheRulesIsNotChecked(t *testing.T) {
	path := write(t, "history.edn", staleRead+"{:process 1 :type :ok :f :read :value nil}\n")
	_, err := Check(context.Background(), path, Options{})
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "line 5") {
		t.Errorf("got %v", err)
	}
}

func TestWhoLosesInterestIsNotKeptWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Check(ctx, write(t, "history.edn", staleRead), Options{}); err == nil {
		t.Error("no error")
	}
}
