package options

import (
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	r := Read(map[string]string{"yes": "true", "three": "3", "soon": "200ms", "word": "b"})
	if !r.Bool("yes", false) || r.Int("three", 1) != 3 || r.Duration("soon", time.Hour) != 200*time.Millisecond || r.OneOf("word", "a", "b") != "b" {
		t.Error("an option is not what was given")
	}
	if r.Bool("no", false) || r.Int("one", 1) != 1 || r.Duration("late", time.Hour) != time.Hour || r.OneOf("other", "a", "b") != "a" || r.String("text", "x") != "x" {
		t.Error("an option is not what it is by default")
	}
	if err := r.Err(); err != nil {
		t.Error(err)
	}
}

// The first mistake is told.
func TestMistakes(t *testing.T) {
	for _, c := range []struct {
		given map[string]string
		want  string
	}{
		{map[string]string{"yes": "1"}, `option yes of the client: "1" is none of: true, false`},
		{map[string]string{"three": "0"}, `option three of the client: "0" is none of: whole numbers from 1`},
		{map[string]string{"soon": "5"}, `option soon of the client: "5" is none of: times such as 200ms or 3s`},
		{map[string]string{"word": "c"}, `option word of the client: "c" is none of: a, b`},
		{map[string]string{"thre": "3"}, `the client has no option "thre"; did you mean three?`},
		{map[string]string{"x": "3"}, `the client has no option "x"; there are yes, three, soon, word`},
	} {
		r := Read(c.given)
		r.Bool("yes", false)
		r.Int("three", 1)
		r.Duration("soon", time.Hour)
		r.OneOf("word", "a", "b")
		if err := r.Err(); err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.given, err, c.want)
		}
	}
}
