package objects

import (
	"fmt"

	"faultline/history"
)

// nothing refuses any argument.
func nothing(_ string, v history.Value) error {
	if k := v.Kind(); k != history.None && k != history.Nil {
		return fmt.Errorf("it takes no argument, and not %s", v)
	}
	return nil
}

// integer wants one.
func integer(_ string, v history.Value) error {
	if _, is := v.Int(); !is {
		return fmt.Errorf("it takes an integer, and not %s", shown(v))
	}
	return nil
}

// integerFor wants an integer for one of a type's operations, and nothing for the others.
func integerFor(f string) func(string, history.Value) error {
	return func(g string, v history.Value) error {
		if g == f {
			return integer(g, v)
		}
		return nothing(g, v)
	}
}

func shown(v history.Value) string {
	if v.Kind() == history.None {
		return "nothing"
	}
	return v.String()
}

// integers are a list of them as a value.
func integers(all []int64) history.Value {
	list := make([]history.Value, len(all))
	for i, n := range all {
		list[i] = history.IntValue(n)
	}
	return history.ListValue(list...)
}
