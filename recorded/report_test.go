package recorded

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"faultline/checker"
)

// object is one of JSON.
type object = map[string]any

// etcd is a store that keeps its promises, and the report about it.
type etcd struct {
	t        *rapid.T
	now      int
	revision int
	values   map[string]string // by key
	leased   map[string]bool
	events   []object // by revision
	requests []object
	puts     int
}

func (s *etcd) later() int {
	s.now += rapid.IntRange(1, 5).Draw(s.t, "later") * 1000
	return s.now
}

func (s *etcd) key() string { return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(s.t, "key") }

// change makes a revision of what is put and, with no value, removed.
func (s *etcd) change(at int, to map[string]string) {
	s.revision++
	for _, key := range []string{"a", "b", "c"} {
		v, ok := to[key]
		switch {
		case !ok:
			continue
		case v == "":
			delete(s.values, key)
			s.events = append(s.events, object{"Type": "delete-operation", "Key": key, "Value": object{}, "Revision": s.revision, "at": at})
		default:
			s.values[key] = v
			s.events = append(s.events, object{"Type": "put-operation", "Key": key, "Value": object{"Value": v}, "Revision": s.revision, "at": at})
		}
	}
}

// request carries out one request of client 1, with an outcome that the client may not know.
func (s *etcd) request(client int) (next int) {
	call := s.later()
	if rapid.IntRange(0, 9).Draw(s.t, "lease") == 0 && len(s.leased) > 0 { // it ends
		gone := map[string]string{}
		for key := range s.leased {
			if s.values[key] != "" {
				gone[key] = ""
			}
		}
		if s.leased = map[string]bool{}; len(gone) > 0 {
			s.change(s.later(), gone)
		}
	}
	at := s.later()
	if rapid.IntRange(0, 2).Draw(s.t, "read") == 0 {
		key := s.key()
		kvs := []object{}
		if v, ok := s.values[key]; ok {
			kvs = append(kvs, object{"Key": key, "Value": object{"Value": v}})
		}
		s.requests = append(s.requests, object{"ClientId": client, "Call": call, "Return": s.later(), "Input": object{"Type": "range", "Range": object{"Start": key, "Revision": 0}},
			"Output": object{"Range": object{"KVs": kvs}, "Revision": s.revision}})
		return client
	}
	var steps, results []object
	to := map[string]string{}
	for range rapid.IntRange(1, 2).Draw(s.t, "steps") {
		key := s.key()
		if _, twice := to[key]; twice {
			continue
		}
		if rapid.IntRange(0, 2).Draw(s.t, "remove") == 0 {
			steps = append(steps, object{"Type": "delete-operation", "Delete": object{"Key": key}})
			deleted := 0
			if s.values[key] != "" {
				to[key], deleted = "", 1
			}
			results = append(results, object{"Deleted": deleted})
			continue
		}
		s.puts++
		lease := rapid.IntRange(0, 3).Draw(s.t, "attached") / 3
		to[key] = fmt.Sprint(s.puts)
		steps = append(steps, object{"Type": "put-operation", "Put": object{"Key": key, "Value": object{"Value": to[key]}, "LeaseID": lease}})
		results = append(results, object{})
		if delete(s.leased, key); lease > 0 {
			s.leased[key] = true
		}
	}
	unknown := rapid.IntRange(0, 4).Draw(s.t, "unknown") == 0
	if lost := unknown && rapid.Bool().Draw(s.t, "lost"); lost {
		for _, step := range steps {
			if put, ok := step["Put"].(object); ok {
				delete(s.leased, put["Key"].(string))
			}
		}
	} else if len(to) > 0 {
		s.change(at, to)
	}
	output := object{"Txn": object{"Failure": false, "Results": results}, "Revision": s.revision}
	next = client
	if unknown {
		output, next = object{"Error": "timeout"}, client+1
	}
	s.requests = append(s.requests, object{"ClientId": client, "Call": call, "Return": s.later(), "Output": output,
		"Input": object{"Type": "txn", "Txn": object{"OperationsOnSuccess": steps, "OperationsOnFailure": []object{}}}})
	return next
}

// watch is what a client was told of all changes from a revision on.
func (s *etcd) watch() object {
	from := rapid.IntRange(1, max(1, s.revision)).Draw(s.t, "from")
	var responses []object
	var events []object
	at := 0
	for i, e := range s.events {
		if e["Revision"].(int) < from {
			continue
		}
		events = append(events, e)
		at = max(at+1, e["at"].(int)+rapid.IntRange(0, 9000).Draw(s.t, "delay"))
		if together := i+1 < len(s.events) && s.events[i+1]["Revision"] == e["Revision"]; !together {
			responses = append(responses, object{"Events": events, "Revision": e["Revision"], "Time": at})
			events = nil
		}
	}
	return object{"Request": object{"Key": "", "Revision": from, "WithPrefix": true}, "Responses": responses}
}

func drawReport(t *rapid.T) *etcd {
	s := &etcd{t: t, revision: 1, values: map[string]string{}, leased: map[string]bool{}}
	client := 1
	for range rapid.IntRange(1, 30).Draw(t, "requests") {
		client = s.request(client)
	}
	return s
}

// written writes a report into a directory.
func written(t *testing.T, requests, watches []object) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "report [1]") // which is a pattern to some
	for path, all := range map[string][]object{"client-1/operations.json": requests, "client-2/watch.json": watches} {
		var b strings.Builder
		for _, o := range all {
			text, err := json.MarshalIndent(o, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(text, '\n'))
		}
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(path)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, path), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A store that keeps its promises is never refuted, whatever its clients do and do not know.
func TestReportsOfACorrectEtcd(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawReport(rt)
		watches := []object{s.watch(), s.watch()}
		dir := written(t, s.requests, watches)
		all, err := CheckAll(context.Background(), dir, Options{})
		if err != nil {
			rt.Fatal(err)
		}
		for _, r := range all {
			if r.Verdict.Validity == checker.Invalid {
				rt.Errorf("%s: %s", r.File, r.Verdict.Reason)
			}
		}
	})
}

// A watch that leaves out what was acknowledged, and a read that is too old, are found.
func TestReportsOfABrokenEtcd(t *testing.T) {
	put := func(client, call, revision int, value string) object {
		return object{"ClientId": client, "Call": call, "Return": call + 10, "Output": object{"Txn": object{"Results": []object{{}}}, "Revision": revision},
			"Input": object{"Type": "txn", "Txn": object{"OperationsOnSuccess": []object{{"Type": "put-operation", "Put": object{"Key": "a", "Value": object{"Value": value}}}}}}}
	}
	read := func(call int, value string) object {
		return object{"ClientId": 9, "Call": call, "Return": call + 10, "Input": object{"Type": "range", "Range": object{"Start": "a"}},
			"Output": object{"Range": object{"KVs": []object{{"Key": "a", "Value": object{"Value": value}}}}, "Revision": 4}}
	}
	event := func(revision int, value string) object {
		return object{"Type": "put-operation", "Key": "a", "Value": object{"Value": value}, "Revision": revision}
	}
	puts := []object{put(1, 100, 2, "x"), put(1, 200, 3, "y"), put(1, 300, 4, "z")}
	watch := func(events ...object) []object {
		return []object{{"Request": object{"Key": "", "Revision": 2, "WithPrefix": true}, "Responses": []object{{"Events": events, "Revision": 4, "Time": 500}}}}
	}
	for _, c := range []struct {
		name     string
		requests []object
		watches  []object
		model    string
		want     []string
	}{
		{"right", append(slices.Clone(puts), read(400, "z")), watch(event(2, "x"), event(3, "y"), event(4, "z")), "", []string{"valid", "valid"}},
		{"an event is left out", append(slices.Clone(puts), read(400, "z")), watch(event(2, "x"), event(4, "z")), "", []string{"invalid", "valid"}},
		{"a read is old", append(slices.Clone(puts), read(400, "y")), watch(event(2, "x"), event(3, "y"), event(4, "z")), "", []string{"valid", "invalid"}},
		{"watches are asked for", append(slices.Clone(puts), read(400, "y")), watch(event(2, "x"), event(3, "y"), event(4, "z")), "watch", []string{"valid"}},
		{"keys are asked for", append(slices.Clone(puts), read(400, "y")), watch(event(2, "x"), event(4, "z")), "register", []string{"invalid"}},
	} {
		all, err := CheckAll(context.Background(), written(t, c.requests, c.watches), Options{Model: c.model})
		var got []string
		for _, r := range all {
			got = append(got, r.Verdict.Validity.String())
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	twice := []object{put(1, 100, 2, "x"), put(1, 200, 3, "x")}
	if _, err := CheckAll(context.Background(), written(t, twice, watch(event(2, "x"))), Options{}); err == nil || !strings.Contains(err.Error(), `the key a is put to "x" twice`) {
		t.Error(err)
	}
	if _, err := CheckAll(context.Background(), written(t, puts, nil), Options{Model: "bank"}); err == nil || !strings.Contains(err.Error(), "is judged by the models watch") {
		t.Error(err)
	}
}
