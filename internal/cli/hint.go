package cli

import (
	"fmt"
	"io"
	"strings"

	"faultline/checker"
	"faultline/internal/wording"
)

// tell prints hints.
func tell(w io.Writer, part checker.Part) {
	for _, hint := range hints(part) {
		fmt.Fprintf(w, "  hint        %s\n", hint)
	}
}

// hints say under which other reading the invalid objects of a part are right, and how to ask for it.
func hints(part checker.Part) []string {
	var hints []string
	begin := map[string][]string{} // initial value → keys, or models
	var values []string
	for _, f := range part.Findings {
		if f.Initial != "" {
			if begin[f.Initial] == nil {
				values = append(values, f.Initial)
			}
			about := f.On
			if part.Name == checker.ConsistencyPart {
				about = f.Rule
			}
			begin[f.Initial] = append(begin[f.Initial], about)
		}
		if f.Hint != "" && len(hints) == 0 {
			hints = append(hints, f.Hint)
		}
	}
	for _, v := range values {
		right := are(begin[v]) + " linearizable"
		if part.Name == checker.ConsistencyPart {
			right = "nothing refutes " + strings.Join(begin[v], ", ")
		}
		hints = append(hints, fmt.Sprintf("nothing wrote what was read; with --initial %s %s", shellQuote(v), right))
	}
	const few = 3
	if len(hints) > few {
		hints = append(hints[:few], "…")
	}
	return hints
}

// are names keys in a sentence.
func are(keys []string) string {
	switch {
	case len(keys) > 1:
		return wording.Count(len(keys), "key") + " are"
	case keys[0] == "":
		return "it is"
	default:
		return "key " + keys[0] + " is"
	}
}
