package catalog

import (
	"strings"
	"testing"

	"faultline/checker"
	"faultline/history"
)

// guesserOf takes operations that are ok, a line each: a function, its argument and its answer as EDN.
func guesserOf(t *testing.T, lines string) *Guesser {
	t.Helper()
	var g Guesser
	for line := range strings.Lines(lines) {
		fields := strings.Split(strings.TrimSpace(line), " ; ")
		if len(fields) != 3 {
			t.Fatalf("%q", line)
		}
		op := history.Operation{F: fields[0], Outcome: history.OK}
		var err error
		if op.Input, err = history.ParseEDN(fields[1]); err == nil {
			op.Output, err = history.ParseEDN(fields[2])
		}
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		g.Add(&op)
	}
	return &g
}

func named(t *testing.T, name string) Entry {
	t.Helper()
	e, err := ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What there is no model of is refused by its name, and what differs in nothing but a name is taken.
func TestWhatOperationsLookLike(t *testing.T) {
	for _, c := range []struct{ lines, want string }{
		{"transfer ; {:from 0 :to 1} ; nil\nread ; nil ; {0 6}", "bank"},
		{"send ; [[:send 7 41]] ; [[:send 7 [5 41]]]\npoll ; [[:poll]] ; nil", "kafka"},
		{"txn ; [[:poll]] ; [[:poll {}]]", "kafka"},
		{"txn ; [[:append :x 1] [:r :x nil]] ; [[:append :x 1] [:r :x [1]]]", "list-append"},
		{"generate ; nil ; 8", "unique-ids"},
		{"write ; [nil 7] ; [1 7]\nread ; [nil nil] ; [1 7]", "versioned-register"},
		{"read ; nil ; [1 7]\ncas ; [nil [7 5]] ; [2 [7 5]]", "versioned-register"},
		{"write ; 7 ; 7\nread ; nil ; {:value 7 :version 1}", "versioned-register"},
		{"write ; 1 ; 1\nread ; nil ; #{1 2}", "causal-reverse"},
		{"write ; 1 ; 1\nread ; nil ; [1 2 3]", "causal-reverse"},
		{"acquire ; nil ; 7", "lock"},
		{"acquire ; nil ; 7\nwrite ; [7 5] ; nil", "fencing"},
		{"acquire ; nil ; nil\nacquire ; nil ; nil", "reentrant-lock or mutex; say which one is meant"},
		{"write ; 1 ; 1\nread ; nil ; \"1\"", "what is written are integers, and what comes back are texts"},
		{"write ; 1 ; nil\nread ; nil ; nil", "register"},
		{"cas ; [nil 5] ; nil\nread ; nil ; 5", "cas-register"},
		{"write ; [1 2] ; nil\nread ; nil ; [1 2]", "register"},
		{"write ; 1 ; 1\nread ; nil ; [1]\nread ; nil ; 1", "register"}, // some reads are as they should be: the others are wrong
		{"w ; 1 ; 1\nr ; nil ; 1", "register"},
		{"write ; [1 []] ; nil\nwrite ; [2 [1]] ; nil\nread ; nil ; [2]", "siblings"},
		{"write ; [1 [2]] ; nil\nread ; nil ; [1 [2]]", "register"}, // whose values are lists
		{"broadcast ; 4 ; 0\ndeliveries ; 0 ; [4]", "broadcasts"},
		{"broadcast ; 4 ; 0\nstamps ; 0 ; [[0 4 1 [[\"n1\" 1]] 5 0 5]]", "clocks"},
		{"send ; 5 ; [0 5]\nprocess ; \"out\" ; {\"in/1\" [[0 5]]}", "effects"},
		{"update ; 5 ; [0 [\"a\" 5]]\nview ; nil ; [1 {\"a\" 5}]", "views"},
		{"send-all ; [[\"a\" 1]] ; [[\"a\" [0 1]]]\npoll ; 0 ; [[0 1]]", "log"},
		{"broadcast ; 4 ; nil\nread ; nil ; [4]", "set-full"},
		{"acquire ; 1 ; true\nrelease ; 1 ; (list)", "mutex"},
		{"acquire ; 1 ; 1\nrelease ; 1 ; 1\nacquire ; 1 ; 1", "mutex"},
		{"txn ; [[:r :x nil] [:w :y 1]] ; [[:r :x nil] [:w :y 1]]", "rw-register"},
		{"txn ; [[:w :x 1]] ; [[:w :x 1]]\ntxn ; [[:w :x 1]] ; [[:w :x 1]]", "multi-register"}, // nobody could tell which of them a read saw
		{"read ; nil ; {:x 1}\nwrite ; {:x 1} ; nil", "multi-register"},
		{"add ; 3 ; 7\nread ; nil ; 7", "counter"},
	} {
		m, _, err := guesserOf(t, c.lines).Guess()
		if err == nil && m.Name != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\nguessed %q, %v; want %s", c.lines, m.Name, err, c.want)
		}
	}
}

// A model that is named is refused where its values cannot be those of the history.
func TestModelsThatDoNotFit(t *testing.T) {
	for _, c := range []struct {
		model string
		lines string
		want  string // empty if it fits
	}{
		{"register", "write ; 1 ; 1\nread ; nil ; #{1 2}", "reads return sets of them, such as #{1 2}"},
		{"cas-register", "write ; \"v\" ; nil\nread ; nil ; {:value \"v\" :version 1}", "versioned register"},
		{"register", "write ; {:v 1 :version 7} ; nil\nread ; nil ; {:v 1 :version 7}", ""}, // a version of the client's own
		{"register", "write ; 1 ; 1\nread ; nil ; 7", ""},
		{"register", "write ; 1 ; 1\nread ; nil ; nil", ""},
		{"register", "read ; nil ; 7", ""},
		{"register", "w ; 1 ; nil\nr ; nil ; :a", "keywords"},
		{"kv", "put ; \"a\" ; nil\nget ; nil ; [\"a\"]", "texts, and what comes back are lists"},
		{"set", "add ; 1 ; nil\nread ; nil ; [\"1\"]", "integers, and what comes back are texts"},
		{"set", "add ; 1 ; nil\nread ; nil ; [7]", ""},
		{"fifo-queue", "enqueue ; 1 ; nil\ndequeue ; nil ; {:v 1}", "maps"},
		{"unordered-queue", "enqueue ; 1 ; nil\ndrain ; nil ; [\"1\"]", "texts"},
		{"stack", "push ; 1 ; nil\npop ; nil ; 2", ""},
		{"multi-register", "txn ; [[:w :x 1]] ; nil\ntxn ; [[:r :x nil]] ; [[:r :x [1]]]", "lists"},
	} {
		err := guesserOf(t, c.lines).Fits(named(t, c.model), checker.Initial{})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n%s: %v; want %s", c.lines, c.model, err, c.want)
		}
	}
}

// What a model takes for something else, or does not look at, is said.
func TestGuesserWarns(t *testing.T) {
	for _, c := range []struct {
		model string
		lines string
		want  string
	}{
		{"register", "w ; 1 ; 1\nread ; nil ; 1", "w is taken for write"},
		{"mutex", "acquire ; nil ; 7", "what acquire returns, such as 7, is not looked at"},
		{"counter", "add ; 1 ; 3", "what add returns, such as 3, is not looked at"},
		{"counter", "add ; 1 ; 1\nadd ; 1 ; true\nadd ; 1 ; nil\nread ; nil ; 7", ""},
	} {
		if got := strings.Join(guesserOf(t, c.lines).Warnings(named(t, c.model)), "; "); !strings.Contains(got, c.want) || got != "" && c.want == "" {
			t.Errorf("%s\n%s: %q; want %q", c.lines, c.model, got, c.want)
		}
	}
}

// What a guesser remembers does not grow with the names of functions.
func TestGuesserForgetsWhatNoModelHas(t *testing.T) {
	var g Guesser
	for i := range 10_000 {
		g.Add(&history.Operation{F: strings.Repeat("f", i%100), Outcome: history.OK})
	}
	if len(g.uses) > maxFunctions {
		t.Errorf("it remembers %d functions", len(g.uses))
	}
	if _, _, err := g.Guess(); err == nil {
		t.Error("it guessed something")
	}
}
