package failover

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"faultline/cluster"
	"faultline/history"
)

// A script says how each node answers: + serves, - certainly did nothing, ? may have, ! has compared and found something else.
var answers = map[byte]cluster.Outcome{
	'+': {Type: history.OK},
	'-': {Type: history.Fail, Error: "no leader"},
	'?': {Type: history.Info},
	'!': {Type: history.Fail, Error: history.PreconditionFailed},
}

func TestRing(t *testing.T) {
	for _, c := range []struct {
		nodes  string // how each answers
		asked  string // by three operations
		ending string // how these end
	}{
		{"+-", "0 0 0", "+++"},
		{"!-", "0 0 0", "!!!"},
		{"-+", "01 1 1", "+++"},
		{"?+", "0 1 1", "?++"},
		{"--+", "012 2 2", "+++"},
		{"-", "0 0 0", "---"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := Ring{Endpoints: strings.Split("012"[:len(c.nodes)], "")}
			var asked []string
			ending := ""
			for range 3 {
				whom := ""
				out := r.Do(t.Context(), func(endpoint string) (cluster.Outcome, bool) {
					whom += endpoint
					answer := c.nodes[endpoint[0]-'0']
					return answers[answer], answer == '-'
				})
				asked = append(asked, whom)
				for word, answer := range answers {
					if out == answer {
						ending += string(word)
					}
				}
			}
			if got := strings.Join(asked, " "); got != c.asked || ending != c.ending {
				t.Errorf("%s: asked %s, ending in %s; want %s, %s", c.nodes, got, ending, c.asked, c.ending)
			}
		})
	}
}

// If no node serves, each is asked again and again until the time is up.
func TestNobodyServes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := Ring{Endpoints: []string{"a", "b"}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*Backoff+Backoff/2)
		defer cancel()
		start, asked := time.Now(), 0
		out := r.Do(ctx, func(string) (cluster.Outcome, bool) {
			asked++
			return answers['-'], true
		})
		if out != answers['-'] || asked != 22 || time.Since(start) != 10*Backoff+Backoff/2 {
			t.Errorf("%+v after %d and %v", out, asked, time.Since(start))
		}
	})
}
