package recorded

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"faultline/checker"
	"faultline/history"
)

// piped checks what comes out of a pipe.
func piped(t *testing.T, text string, o Options) (*Result, error) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	s := &spool{from: iotest.HalfReader(strings.NewReader(text))}
	r, err := checkInput(&input{ctx: context.Background(), name: "pipe", open: s.open, close: s.remove}, o)
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	return r, err
}

// The model is that of the whole file: where its beginning looks like another one, or like none, it is read again, be it a pipe.
func TestTheModelIsThatOfTheWholeFile(t *testing.T) {
	const registers = `{:process 0 :type :invoke :f :write :value {:x 1}}
{:process 0 :type :ok :f :write :value {:x 1}}
{:process 0 :type :invoke :f :write :value {:y 1}}
{:process 0 :type :ok :f :write :value {:y 1}}
{:process 0 :type :invoke :f :read :value nil}
{:process 0 :type :ok :f :read :value {:x 1 :y 1}}
`
	const enqueued = `{:process 0 :type :invoke :f :drain :value nil}
{:process 0 :type :ok :f :drain :value []}
`
	for name, c := range map[string]struct{ begin, end, model string }{
		"another": {"{:process 0 :type :invoke :f :read :value nil}\n{:process 0 :type :fail :f :read :value nil}\n", registers, "multi-register"},
		"none":    {"{:process 0 :type :invoke :f :enqueue :value 1}\n{:process 0 :type :ok :f :enqueue :value 1}\n", enqueued, "unordered-queue"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(c.begin, sampleSize/2) + c.end
			r, err := piped(t, text, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Model != c.model || r.Verdict.Validity != checker.Valid || r.Events != int64(strings.Count(text, "\n")) {
				t.Errorf("%s: %v after %d events: %s", r.Model, r.Verdict.Validity, r.Events, r.Verdict.Reason)
			}
		})
	}
}

// A file whose lines are out of order is read again in the order of its indexes or times.
func TestTheOrderIsThatOfTheEvents(t *testing.T) {
	line := func(process int, kind, f, value string, fields string) string {
		return fmt.Sprintf("{:process %d :type :%s :f :%s :value %s %s}\n", process, kind, f, value, fields)
	}
	indexed := line(1, "ok", "read", "1", ":index 3") + line(0, "invoke", "write", "1", ":index 0") + line(0, "ok", "write", "1", ":index 1") +
		line(1, "invoke", "read", "nil", ":index 2")
	r, err := piped(t, indexed, Options{})
	if err != nil || r.Verdict.Validity != checker.Valid {
		t.Errorf("%+v, %v", r, err)
	}
	timed := line(0, "invoke", "write", "1", ":time 5") + line(0, "ok", "write", "1", ":time 7") + line(1, "invoke", "read", "nil", ":time 6") +
		line(1, "ok", "read", "nil", ":time 8")
	r, err = piped(t, timed, Options{})
	if err != nil || r.Verdict.Validity != checker.Valid || len(r.Warnings) == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = piped(t, timed, Options{Order: history.ByFile})
	if err != nil || r.Verdict.Validity != checker.Invalid || len(r.Warnings) == 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Initial values are for keys that there are.
func TestInitialValuesOfKeysThatAreNotThere(t *testing.T) {
	const keyed = `{:process 0 :type :invoke :f :read :value ["a" nil]}
{:process 0 :type :ok :f :read :value ["a" 0]}
{:process 0 :type :invoke :f :write :value ["a" 1]}
{:process 0 :type :ok :f :write :value ["a" 1]}
`
	check := func(text string) (*Result, error) {
		i, err := checker.ParseInitial(text)
		if err != nil {
			t.Fatal(err)
		}
		return piped(t, keyed, Options{Check: checker.Options{Initial: i}})
	}
	if r, err := check(`{"a" 0}`); err != nil || r.Verdict.Validity != checker.Valid || len(r.Warnings) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := check(`{"a" 0 "b" 0}`); err != nil || r.Verdict.Validity != checker.Valid || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "b") {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := check(`{"b" 0}`); err == nil || !strings.Contains(err.Error(), "there are a") {
		t.Error(err)
	}
}

// A history in which nothing is ok says nothing, whatever is asked.
func TestNothingOKIsUnknown(t *testing.T) {
	const text = "{:process 0 :type :invoke :f :write :value 1}\n{:process 0 :type :info :f :write :value 1}\n"
	for _, models := range [][]string{nil, {"sequential"}} {
		r, err := piped(t, text, Options{ConsistencyModels: models})
		if err != nil || r.Verdict.Validity != checker.Unknown || !strings.Contains(r.Verdict.Reason, "no operation is ok") {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

// A spool gives the whole again, however little of it was read the first time.
func TestSpool(t *testing.T) {
	const text = "some text"
	t.Setenv("TMPDIR", t.TempDir())
	for n := range len(text) + 1 {
		s := &spool{from: strings.NewReader(text)}
		r, err := s.open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, r, int64(n)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			r, err = s.open()
			if err != nil {
				t.Fatal(err)
			}
			if all, err := io.ReadAll(r); string(all) != text || err != nil {
				t.Errorf("after %d bytes: %q, %v", n, all, err)
			}
		}
		s.remove()
	}
}
