package cluster

import "testing"

// way is what a design makes of a mode.
type way struct {
	Mode
	waits bool
}

// What a design says of a mode or a bug is found by its name, and a name that there is not is no mode and no bug.
func TestDesigns(t *testing.T) {
	modes := Modes[way]{{Mode: Mode{Name: "sync"}, waits: true}, {Mode: Mode{Name: "async"}}}
	if !modes.Called("sync").waits || modes.Called("async").waits || len(modes.Described()) != 2 {
		t.Errorf("%+v", modes)
	}
	planted := ""
	bugs := Bugs[*string]{{Bug: Bug{Name: "early"}, Plant: func(s *string) { *s = "early" }}}
	if bugs.Planting("")(&planted); planted != "" {
		t.Errorf("no bug plants %s", planted)
	}
	if bugs.Planting("early")(&planted); planted != "early" || bugs.Described()[0].Name != "early" {
		t.Errorf("planted is %q", planted)
	}
	for what, find := range map[string]func(){"mode": func() { modes.Called("late") }, "bug": func() { bugs.Planting("late") }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("there is a %s called late", what)
				}
			}()
			find()
		}()
	}
}
