package history

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A transaction that is kept as steps is the list that it stands for.
func TestStepsAreLists(t *testing.T) {
	step := rapid.Custom(func(t *rapid.T) Step {
		s := Step{Key: rapid.Int64Range(0, 3).Draw(t, "key"), Value: rapid.Int64Range(-1, 3).Draw(t, "value"), Write: rapid.Bool().Draw(t, "write")}
		s.Nil = !s.Write && rapid.Bool().Draw(t, "nil")
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		steps, others := rapid.SliceOfN(step, 0, 4).Draw(t, "steps"), rapid.SliceOfN(step, 0, 4).Draw(t, "others")
		v, w := Value{shape: &shape{kind: List, steps: &steps}}, Value{shape: &shape{kind: List, steps: &others}}
		a, b := listOfSteps(steps), listOfSteps(others)
		if v.Len() != a.Len() || v.depth() != a.depth() || v.String() != a.String() || string(v.AppendEDN(nil)) != string(a.AppendEDN(nil)) {
			t.Fatalf("%v is not %v", v, a)
		}
		for i := range v.Len() {
			if !v.At(i).Equal(a.At(i)) {
				t.Fatalf("%v is not %v at %d", v, a, i)
			}
		}
		same := a.Equal(b)
		if v.Equal(w) != same || v.Equal(b) != same || b.Equal(v) != same || compareValues(v, w) != compareValues(a, b) || compareValues(v, b) != compareValues(a, b) {
			t.Fatalf("%v and %v compare as others than %v and %v", v, w, a, b)
		}
	})
}

func listOfSteps(steps []Step) Value {
	var all []Value
	for _, s := range steps {
		all = append(all, s.value())
	}
	return ListValue(all...)
}

// Lines such as w(3,17,0,1) are read as by a reader that takes them apart in the simplest way.
func TestSessionCalls(t *testing.T) {
	number := rapid.SampledFrom([]string{"0", "1", "17", "-3", "+4", "007", "-0", "123456789012345678", "1234567890123456789", "9223372036854775807", "9223372036854775808", "", " 1", "1)", "x", "1_0", "0x1"})
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"r", "w", "x", ""}).Draw(t, "f") + rapid.SampledFrom([]string{"(", "(", "(", "", "(("}).Draw(t, "open") +
			strings.Join(rapid.SliceOfN(number, 3, 5).Draw(t, "numbers"), rapid.SampledFrom([]string{",", ",", ",", " ,", ")"}).Draw(t, "comma")) +
			rapid.SampledFrom([]string{")", ")", ")", "", "),"}).Draw(t, "close")
		got, ok := sessionCall([]byte(line))
		want, wantOK := simpleCall(line)
		if ok != wantOK || ok && got != want {
			t.Fatalf("%q: %v %v, want %v %v", line, got, ok, want, wantOK)
		}
		end := plainCall([]byte(line+"\n"+strings.Repeat(" ", longestCall)), &got)
		if end != unplain && (end != len(line)+1 || !wantOK || got != want) {
			t.Fatalf("%q: %v up to %d, want %v %v", line, got, end, want, wantOK)
		}
		if allDigits.MatchString(line) && end == unplain {
			t.Fatalf("%q is not plain", line)
		}
	})
}

var allDigits = regexp.MustCompile(`^[rw]\([0-9]{1,18}(,[0-9]{1,18}){3}\)$`)

func simpleCall(line string) (numbers [4]int64, ok bool) {
	if len(line) < 3 || line[0] != 'r' && line[0] != 'w' || line[1] != '(' || line[len(line)-1] != ')' {
		return numbers, false
	}
	words := strings.Split(line[2:len(line)-1], ",")
	if len(words) != 4 {
		return numbers, false
	}
	for i, word := range words {
		n, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return numbers, false
		}
		numbers[i] = n
	}
	return numbers, true
}

// Transactions whose lines come in any order have their own steps, in the order of their lines.
func TestSessionsInAnyOrderOfLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var file bytes.Buffer
		var want [4]string
		for i := range rapid.IntRange(1, 300).Draw(t, "lines") {
			id := rapid.IntRange(0, len(want)-1).Draw(t, "transaction")
			fmt.Fprintf(&file, "w(%d,%d,%d,%d)\n", i, i, id, id)
			want[id] += fmt.Sprintf("[\"w\" %d %d]", i, i)
		}
		records := newSessionRecords(&file)
		for {
			var r record
			if err := records.next(&r); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if r.Type == Invoke {
				continue
			}
			id := records.sessions[r.Process].name
			if got := strings.ReplaceAll(string(r.Value.AppendEDN(nil)), "] [", "]["); got != "["+want[id]+"]" {
				t.Fatalf("transaction %d is %s, want %s", id, got, want[id])
			}
			want[id] = ""
		}
	})
}
