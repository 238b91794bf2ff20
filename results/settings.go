package results

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"faultline/cluster"
)

// Settings are the fields of a spec, those of objects in it included, in its order: "config.raft.heartbeat_timeout", "500ms". Which of
// them are durations the kind of system says whose spec it is; of a kind that is not known here, numbers stay numbers. What is no
// object is one setting.
func Settings(spec json.RawMessage) []Setting {
	var of struct {
		System string `json:"system"`
	}
	if json.Unmarshal(spec, &of) != nil {
		return []Setting{{"spec", string(spec)}}
	}
	f := flattener{durations: durationsOf(of.System)}
	f.object("", spec)
	return f.all
}

// specDurations are the durations of a spec that belong to no system.
var specDurations = []string{"time_limit", "nemesis_interval", "workload_options.staleness", "max_outage"}

// durationsOf names the fields of a system's spec that are durations.
func durationsOf(system string) map[string]bool {
	names := map[string]bool{}
	for _, name := range specDurations {
		names[name] = true
	}
	if kind, err := cluster.KindByName(system); err == nil {
		addDurations(names, "config", reflect.TypeOf(kind.Config()))
	} else if described := cluster.NewDescribed(); described != nil {
		addDurations(names, "config", reflect.TypeOf(described))
	}
	return names
}

// addDurations adds the fields of a type that are durations, as encoding/json names them.
func addDurations(names map[string]bool, path string, t reflect.Type) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		names[path] = true
	case t.Kind() == reflect.Struct:
		for _, field := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch {
			case !field.IsExported() || len(field.Index) > 1 || name == "-":
			case field.Anonymous && name == "":
				addDurations(names, path, field.Type)
			case name == "":
				addDurations(names, path+"."+field.Name, field.Type)
			default:
				addDurations(names, path+"."+name, field.Type)
			}
		}
	}
}

// flattener lists the fields of an object.
type flattener struct {
	durations map[string]bool
	all       []Setting
}

// object adds the fields of an object; what is none is one setting.
func (f *flattener) object(path string, raw json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		f.all = append(f.all, Setting{path, f.value(path, raw)})
		return
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return
		}
		f.object(strings.TrimPrefix(path+"."+name.(string), "."), value)
	}
}

// value is one that is no object, as people read it.
func (f *flattener) value(path string, raw json.RawMessage) string {
	var ns int64
	if f.durations[path] && json.Unmarshal(raw, &ns) == nil {
		return clock(time.Duration(ns))
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return strings.Join(list, ", ")
	}
	return string(raw)
}
