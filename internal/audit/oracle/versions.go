package oracle

import (
	"fmt"
	"strconv"
	"strings"
)

// Versioned is any rule of registers with versions. Which of them is told where several are broken is left open.
const Versioned = "versioned"

// versioned holds registers to the versions that operations tell.
func versioned(o object, j *Judgement) {
	for _, op := range o.answered("read") {
		version, _ := told(op.Output)
		j.told = j.told || version.kind == Int
	}
	j.told = j.told || len(o.answered("write"))+len(o.answered("cas")) > 0
	j.Unclear = j.Unclear || o.mayFollowUnseen()
	j.broke(Versioned, o.key, !Linearizable(Spec{Name: "versioned-register", Initial: "0\tnil", Step: version}, o.ops))
}

// mayFollowUnseen reports whether there is a cas of unknown outcome and a version whose value nobody saw: then the answer may be unknown.
func (o object) mayFollowUnseen() bool {
	pending, last, seen := false, 0, map[int]bool{}
	for _, op := range o.ops {
		pending = pending || op.F == "cas" && op.Outcome == Info
		v, value := told(op.Output)
		if op.Outcome != OK || v.kind != Int {
			continue
		}
		last = max(last, v.Int())
		seen[v.Int()] = seen[v.Int()] || op.F != "read" || value.kind != Nil
		if op.F == "cas" {
			seen[v.Int()-1] = true
		}
	}
	for n := 1; n < last; n++ {
		if pending && !seen[n] {
			return true
		}
	}
	return false
}

// told is what an answer tells: [version value], or a map.
func told(answer Value) (version, value Value) {
	switch {
	case answer.kind == Map:
		return field(answer, "version"), field(answer, "value")
	case answer.kind == List && len(answer.items) == 2:
		return answer.items[0], answer.items[1]
	}
	return Value{}, Value{}
}

// argument is what an operation is given, without the null that stands for the version.
func argument(v Value) Value {
	if v.kind == List && len(v.items) == 2 && v.items[0].kind == Nil {
		return v.items[1]
	}
	return v
}

// version holds the number of the version and the canonical text of its value.
func version(state string, op *Operation) []string {
	number, value, _ := strings.Cut(state, "\t")
	at, _ := strconv.Atoi(number)
	v, found := told(op.Output)
	certain := op.Outcome == OK
	made := func(next Value) []string {
		return only(!certain || v.Int() == at+1, fmt.Sprintf("%d\t%s", at+1, next.canon))
	}
	switch op.F {
	case "read":
		untold := v.kind == Nil
		null := found.kind == Nil && (untold || at > 0) // which tells the version alone
		return only(!certain || (untold || v.Int() == at) && (null || found.canon == value), state)
	case "write":
		return made(argument(op.Input))
	case "cas":
		if op.Outcome == Fail {
			return []string{state}
		}
		pair := argument(op.Input).items
		old := pair[0]
		if old.kind == Map {
			if field(old, "version").Int() != at {
				return nil
			}
			old = field(old, "value")
		}
		if old.canon != value {
			return nil
		}
		return made(pair[1])
	}
	panic(unknown(op))
}
