package perkey_test

import (
	"context"
	"fmt"
	"testing"

	"faultline/checker"
	"faultline/checker/internal/perkey"
	"faultline/cluster/ops"
	"faultline/history"
)

// counted finds that x is wrong.
type counted struct{ objects int }

func (c *counted) Judge(o *perkey.Object) []checker.Finding {
	c.objects++
	if o.Name == "x" {
		return []checker.Finding{o.Found("wrong", "x is wrong", o.Operations[0])}
	}
	return nil
}

func (c *counted) Held() (string, bool) { return fmt.Sprintf("%d objects", c.objects), c.objects > 1 }

func check(ctx context.Context, o checker.Options, all ...history.Operation) checker.Part {
	kind := perkey.Kind{Part: "counted", Noun: "thing", Functions: []string{"read"}, Begin: func() perkey.Judge { return new(counted) }}
	return kind.Checker().Check(ctx, checker.Input{Operations: all}, o)
}

func read(key string) history.Operation {
	return history.Operation{F: "read", Key: key, Outcome: history.OK, Returned: 1}
}

func write(key string) history.Operation {
	return history.Operation{F: "write", Key: key, Outcome: history.OK, Returned: 1}
}

func TestChecker(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		part     checker.Part
		validity checker.Validity
		reason   string
	}{
		"nothing":           {check(t.Context(), checker.Options{}), checker.Unknown, "there is no operation on a thing"},
		"valid":             {check(t.Context(), checker.Options{}, read("a"), read("b")), checker.Valid, "2 objects"},
		"says nothing":      {check(t.Context(), checker.Options{}, read("a")), checker.Unknown, "1 objects"},
		"invalid":           {check(t.Context(), checker.Options{}, read("a"), read("x")), checker.Invalid, "x is wrong"},
		"beside an unknown": {check(t.Context(), checker.Options{}, write("a"), read("x")), checker.Invalid, "x is wrong"},
		"another function":  {check(t.Context(), checker.Options{}, write("a"), read("b")), checker.Unknown, "process 0's write cannot be judged: a thing has read only"},
		"not on an object":  {check(t.Context(), checker.Options{}, read("a"), read("b"), history.Operation{F: ops.Digest}), checker.Valid, "2 objects"},
		"another beginning": {check(t.Context(), checker.Options{Initial: checker.InitialValue(history.IntValue(3))}, read("a"), read("b")), checker.Unknown, "counted judges a thing from its beginning, so it cannot begin with 3"},
		"the context ends":  {check(ended, checker.Options{}, read("a"), read("b")), checker.Unknown, "there was no time to judge thing a"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.part.Validity != c.validity || c.part.Reason != c.reason {
				t.Errorf("got %v: %s", c.part.Validity, c.part.Reason)
			}
		})
	}
}
