package jetstream

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"faultline/campaign/remote/queue"
)

// lease is short, so that tests need not wait for long.
const lease = 500 * time.Millisecond

func open(t *testing.T, at queue.Server) *Queue {
	t.Helper()
	at.Lease = lease
	q, err := Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	return q
}

// fetch waits for a task of a lane.
func fetch(t *testing.T, q queue.Queue, lanes ...string) queue.Task {
	t.Helper()
	for {
		all, err := q.Fetch(t.Context(), lanes, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) > 0 {
			return all[0]
		}
	}
}

// A task goes to one worker, and to another if nothing is heard of it. Its answer is there until it is settled, once.
func TestTasksAndAnswers(t *testing.T) {
	at := queue.Server{URL: queue.Embedded, Dir: t.TempDir()}
	coordinator := open(t, at)
	worker := open(t, queue.Server{URL: coordinator.Where()})
	task := queue.Task{Lane: "l", Campaign: "c", Key: "k", Body: []byte("body")}
	for range 2 { // the second is the same
		if err := coordinator.Publish(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := coordinator.Left(t.Context(), "l", "c"); err != nil || len(left) != 1 || left[0].Key != "k" || string(left[0].Body) != "body" {
		t.Errorf("%+v is left, %v", left, err)
	}
	first := fetch(t, worker, "l")
	if first.Key != "k" || string(first.Body) != "body" || first.Lost != 0 || first.Attempt != 0 {
		t.Errorf("%+v", first)
	}
	second := fetch(t, worker, "other", "l") // which waits until the first has lost it
	if second.Key != "k" || second.Lost != 1 {
		t.Errorf("%+v", second)
	}
	if err := worker.Return(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	third := fetch(t, worker, "l")
	if third.Key != "k" || third.Lost != 0 || third.Attempt != 1 || string(third.Body) != "body" {
		t.Errorf("%+v", third)
	}
	large := bytes.Repeat([]byte("r"), 3<<20)
	for _, a := range []queue.Answer{{Digest: "d", Body: []byte("small")}, {Digest: "d", Body: []byte("the same again")}, {Digest: "e", Body: large}} {
		a.Campaign, a.Key = "c", "k"
		if err := worker.Answer(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if err := worker.Finish(t.Context(), third); err != nil {
		t.Fatal(err)
	}
	if keys, err := coordinator.Queued(t.Context(), "l", "c"); err != nil || !slices.Contains(keys, "k") {
		t.Errorf("of an answer that is not settled the queue has %q, %v", keys, err)
	}
	got := answersTo(t, coordinator, "c", 2)
	if string(got[0].Body) != "small" || got[1].Digest != "e" || !bytes.Equal(got[1].Body, large) {
		t.Errorf("%.100q", got)
	}
	if err := coordinator.Settle(t.Context(), got...); err != nil {
		t.Fatal(err)
	}
	if err := coordinator.Forget(t.Context(), "c"); err != nil {
		t.Error(err)
	}
	if keys, err := coordinator.Queued(t.Context(), "l", "c"); err != nil || len(keys) > 0 {
		t.Errorf("%q is left, %v", keys, err)
	}
}

func answersTo(t *testing.T, q queue.Queue, campaign string, count int) []queue.Answer {
	t.Helper()
	var got []queue.Answer
	for len(got) < count {
		all, err := q.Answers(t.Context(), campaign)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, all...)
	}
	return got
}

// Another coordinator is handed what the first has not settled, and a server that was killed has all of it still.
func TestAServerThatIsKilled(t *testing.T) {
	s := newServer(t)
	first := open(t, queue.Server{URL: s.url})
	for n := range 3 {
		if err := first.Publish(t.Context(), queue.Task{Lane: "l", Campaign: "c", Key: fmt.Sprint(n)}); err != nil {
			t.Fatal(err)
		}
		if err := first.Answer(t.Context(), queue.Answer{Campaign: "c", Key: fmt.Sprint(n), Digest: "d"}); err != nil {
			t.Fatal(err)
		}
	}
	all := answersTo(t, first, "c", 3)
	if err := first.Settle(t.Context(), all[0]); err != nil {
		t.Fatal(err)
	}
	for len(left(t, first)) > 5 { // the server is told, and does it when it does
		time.Sleep(time.Millisecond)
	}
	s.end(syscall.SIGKILL)
	s.start()
	second := open(t, queue.Server{URL: s.url})
	if got := answersTo(t, second, "c", 2); len(got) != 2 || got[0].Key == got[1].Key {
		t.Errorf("%+v", got)
	}
	if keys := left(t, second); len(keys) != 5 {
		t.Errorf("the queue has %q", keys)
	}
	for seen := 0; seen < 3; seen++ {
		if err := first.Finish(t.Context(), fetch(t, first, "l")); err != nil { // on the connection of before
			t.Fatal(err)
		}
	}
}

// left are the keys of tasks and answers that there are.
func left(t *testing.T, q queue.Queue) []string {
	t.Helper()
	keys, err := q.Queued(t.Context(), "l", "c")
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// A party that joins says so, and those of the other kind answer. Withdrawn tasks are gone.
func TestMeeting(t *testing.T) {
	coordinator := open(t, queue.Server{URL: queue.Embedded, Dir: t.TempDir()})
	worker := open(t, queue.Server{URL: coordinator.Where()})
	if there, err := coordinator.Meet(t.Context(), queue.Party{ID: "1", Campaign: "c", Name: "nightly"}); err != nil || len(there) > 0 {
		t.Errorf("%+v, %v", there, err)
	}
	if there, err := worker.Meet(t.Context(), queue.Party{ID: "2", Name: "w", Slots: 3}); err != nil || len(there) != 1 || there[0].Name != "nightly" {
		t.Errorf("%+v, %v", there, err)
	}
	if came, err := coordinator.Newcomers(t.Context()); err != nil || len(came) != 1 || came[0].Slots != 3 {
		t.Errorf("%+v, %v", came, err)
	}
	for _, key := range []string{"a", "b", "c"} {
		if err := coordinator.Publish(t.Context(), queue.Task{Lane: "l", Campaign: "c", Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	if err := coordinator.Withdraw(t.Context(), "l", "c", "a"); err != nil || len(left(t, coordinator)) != 2 {
		t.Errorf("%q are left, %v", left(t, coordinator), err)
	}
	if err := coordinator.Withdraw(t.Context(), "l", "c", ""); err != nil || len(left(t, coordinator)) != 0 {
		t.Errorf("%q are left, %v", left(t, coordinator), err)
	}
}

// Objects are put once and got as they are.
func TestObjects(t *testing.T) {
	q := open(t, queue.Server{URL: queue.Embedded, Dir: t.TempDir()})
	data := bytes.Repeat([]byte("program"), 1<<18)
	for range 2 {
		if err := q.Put(t.Context(), "programs.1", data); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := q.Get(t.Context(), "programs.1"); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, err := q.Get(context.Background(), "programs.2"); err == nil {
		t.Error("there is another")
	}
}
