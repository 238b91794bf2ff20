package generate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"faultline/history"
	"faultline/internal/audit/oracle"
)

// Events are the events as package history has them.
func Events(events []oracle.Event) ([]history.Event, error) {
	converted := make([]history.Event, len(events))
	for i, e := range events {
		value, err := Value(e.Value)
		if err != nil {
			return nil, err
		}
		converted[i] = history.Event{Time: e.Time, Process: e.Process, Type: history.Type(e.Type), F: e.F, Key: e.Key,
			Value: value, Error: e.Error, LogIndex: e.Claim, Final: e.Final}
	}
	return converted, nil
}

// Value is a value as package history has it.
func Value(v oracle.Value) (history.Value, error) {
	switch v.Kind() {
	case oracle.None:
		return history.Value{}, nil
	case oracle.Nil:
		return history.NilValue(), nil
	case oracle.Int:
		return history.IntValue(int64(v.Int())), nil
	case oracle.Text:
		return history.TextValue(v.Text()), nil
	case oracle.List, oracle.Set, oracle.Map:
		items := make([]history.Value, len(v.Items()))
		for i, item := range v.Items() {
			var err error
			if items[i], err = Value(item); err != nil {
				return history.Value{}, err
			}
		}
		switch v.Kind() {
		case oracle.Set:
			return history.SetValue(items...), nil
		case oracle.Map:
			return history.MapValue(pairs(items)...), nil
		}
		return history.ListValue(items...), nil
	}
	return history.ParseEDN(v.String())
}

func pairs(items []history.Value) [][2]history.Value {
	var entries [][2]history.Value
	for i := 0; i < len(items); i += 2 {
		entries = append(entries, [2]history.Value{items[i], items[i+1]})
	}
	return entries
}

// JSONLines spells a history as Faultline's own file.
func JSONLines(events []oracle.Event) ([]byte, error) {
	converted, err := Events(events)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	h := history.History{Events: converted}
	_, err = h.WriteTo(&b)
	return b.Bytes(), err
}

// EDN spells a history as Jepsen does, or as Jepsen might: fields come in any order, some of them are missing or
// mean nothing, events that have an index come in any order, lists are vectors or lists, and there are comments. The values are tuples if there are keys.
func EDN(r *rand.Rand, events []oracle.Event) []byte {
	timed, indexed, noise := r.IntN(2) == 0, r.IntN(3) == 0, r.IntN(4) == 0
	records := make([]string, len(events))
	for i, e := range events {
		fields := []string{":process " + process(e), ":type :" + e.Type.String(), ":f :" + e.F,
			":value " + tuple(r, e, valueInFull(events, i))}
		if e.Error != "" {
			fields = append(fields, ":error :"+e.Error)
		}
		if e.Error == oracle.Compared && e.Value.Kind() != oracle.None {
			fields = append(fields, ":faultline/found "+spell(r, e.Value))
		}
		if e.Claim > 0 {
			fields = append(fields, fmt.Sprintf(":log-index %d", e.Claim))
		}
		if e.Final {
			fields = append(fields, ":final? true")
		}
		if timed {
			fields = append(fields, fmt.Sprintf(":time %d", int64(e.Time)))
		}
		if indexed {
			fields = append(fields, fmt.Sprintf(":index %d", i))
		}
		if noise {
			fields = append(fields, `:node "n1"`, ":debug {:a [1 2 \"}\"]}")
			records[i] = pick(r, []string{"; {:process 0}\n", "#_{:process 7} ", " \t,\n", ""})
		}
		r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		records[i] += pick(r, []string{"", "", "", "#jepsen.history.Op"}) +
			"{" + strings.Join(fields, pick(r, []string{" ", ", ", "\n ", ","})) + "}\n"
	}
	if indexed && r.IntN(3) == 0 {
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	}
	text := strings.Join(records, "")
	if r.IntN(4) == 0 {
		text = "[" + text + "]\n"
	}
	return []byte(text)
}

// Log spells a history as lines of jepsen.log or history.txt. It cannot tell what a failed cas found.
func Log(r *rand.Rand, events []oracle.Event) (text []byte, ok bool) {
	var b bytes.Buffer
	prefix := pick(r, []string{"", "INFO  jepsen.util - ", "INFO [2019-04-01 11:25:00,722] jepsen worker 0 - jepsen.util ",
		"2023-03-20 14:25:00,722{GMT}\tINFO\t[jepsen worker 1] jepsen.util: "})
	for i, e := range events {
		if e.Error == oracle.Compared && e.Value.Kind() != oracle.None {
			return nil, false
		}
		fmt.Fprintf(&b, "%s%s\t:%s\t:%s\t%s", prefix, process(e), e.Type, e.F, tuple(r, e, valueInFull(events, i)))
		if e.Error != "" {
			b.WriteString("\t:" + e.Error)
		}
		b.WriteString("\n")
	}
	return b.Bytes(), true
}

// valueInFull is the value of an event as Jepsen writes it: completions that return nothing repeat the argument.
func valueInFull(events []oracle.Event, i int) oracle.Value {
	e := events[i]
	if e.Type == oracle.Invoke || e.Process == oracle.Nemesis || e.Value.Kind() != oracle.None && e.Error != oracle.Compared {
		return e.Value
	}
	return invocation(events, i).Value
}

func process(e oracle.Event) string {
	if e.Process == oracle.Nemesis {
		return ":nemesis"
	}
	return strconv.Itoa(e.Process)
}

func tuple(r *rand.Rand, e oracle.Event, v oracle.Value) string {
	if e.Key == "" {
		return spell(r, v)
	}
	return "[" + quote(e.Key) + " " + spell(r, v) + "]"
}

// spell writes a value as EDN in one of the ways there are.
func spell(r *rand.Rand, v oracle.Value) string {
	switch v.Kind() {
	case oracle.Text:
		return quote(v.Text())
	case oracle.Int:
		if v.Int() > 0 && r.IntN(10) == 0 {
			return pick(r, []string{v.String() + "N", "+" + v.String()})
		}
		return v.String()
	case oracle.List:
		open, shut := "[", "]"
		if r.IntN(5) == 0 {
			open, shut = "(", ")"
		}
		return open + spellAll(r, v.Items()) + shut
	case oracle.Set:
		items := make([]oracle.Value, len(v.Items()))
		for i, j := range r.Perm(len(items)) {
			items[i] = v.Items()[j]
		}
		return "#{" + spellAll(r, items) + "}"
	case oracle.Map:
		return "{" + spellAll(r, v.Items()) + "}"
	}
	return v.String()
}

func spellAll(r *rand.Rand, vs []oracle.Value) string {
	texts := make([]string, len(vs))
	for i, v := range vs {
		texts[i] = spell(r, v)
	}
	return strings.Join(texts, pick(r, []string{" ", " ", ", "}))
}

// quote writes a string as EDN has it.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}
