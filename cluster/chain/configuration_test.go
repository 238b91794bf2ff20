package chain

import (
	"slices"
	"testing"
)

func TestConfigurations(t *testing.T) {
	c := configuration{3, []string{"n2", "n4", "n1"}}
	if got, err := parse(c.text()); err != nil || got.String() != c.String() {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{"", "3", "x n1 n2"} {
		if got, err := parse(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
	neighbours := []string{c.before("n2"), c.after("n2"), c.before("n4"), c.after("n4"), c.before("n1"), c.after("n1"), c.before("n3"), c.after("n3")}
	if want := []string{"", "n4", "n2", "n1", "n4", "", "", ""}; !slices.Equal(neighbours, want) {
		t.Errorf("%q", neighbours)
	}
	if got := c.without("n4").with("n4").String(); got != "epoch 5: n2 n1 n4" || c.head() != "n2" || c.tail() != "n1" {
		t.Errorf("%v becomes %s", c, got)
	}
}
