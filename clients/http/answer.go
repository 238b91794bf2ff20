package http

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"faultline/clients/internal/stored"
	"faultline/cluster"
	"faultline/history"
)

// outcome is what an answer means for an operation, and whether another node may serve what this one did not.
func (f form) outcome(o cluster.Op, status int, body string) (out cluster.Outcome, again bool) {
	why := strings.TrimSpace(fmt.Sprintf("status %d %s", status, firstLine(body)))
	switch {
	case f.absent.have(status) && (o.F == "read" || o.F == "delete"):
		return f.nothing(o), false
	case f.mismatch.have(status) && o.F == "cas":
		return f.mismatched(body), false
	case f.fail.have(status):
		return failed(why), true
	case !f.ok.have(status):
		return unknown(o, why), false
	case o.F != "read":
		return cluster.Outcome{Type: history.OK}, false
	}
	value, err := f.value.in(body)
	if err != nil {
		return failed(err.Error()), false
	}
	return cluster.Outcome{Type: history.OK, Value: value}, false
}

// nothing is the outcome of a read or a delete of a key that is not there.
func (f form) nothing(o cluster.Op) cluster.Outcome {
	out := cluster.Outcome{Type: history.OK}
	if o.F == "read" {
		out.Value = history.NilValue()
	}
	return out
}

// mismatched is the outcome of a cas that found something else, with what it was if the answer tells.
func (f form) mismatched(body string) cluster.Outcome {
	out := cluster.Outcome{Type: history.Fail, Error: history.PreconditionFailed}
	if f.found.tells {
		if found, err := f.found.in(body); err == nil {
			out.Value = found
		}
	}
	return out
}

// place is where an answer has a value. The zero place tells nothing.
type place struct {
	tells bool
	path  []string // in a JSON document: names of members, and indexes from 0; empty for the whole body
}

func parsePlace(text string) (place, error) {
	path, isJSON := strings.CutPrefix(text, "json:")
	switch {
	case isJSON && path != "":
		return place{tells: true, path: strings.Split(path, ".")}, nil
	case text == "body":
		return place{tells: true}, nil
	default:
		return place{}, fmt.Errorf(`%q is neither body nor a path such as json:node.value`, text)
	}
}

// in returns the value in an answer. An empty body is the lack of a value, and so is a member that is not there.
func (p place) in(body string) (history.Value, error) {
	raw := json.RawMessage(body)
	if len(p.path) == 0 {
		return valueOf(body), nil
	}
	for _, name := range p.path {
		next, err := member(raw, name)
		if err != nil {
			return history.Value{}, fmt.Errorf("the answer %s: %w", firstLine(body), err)
		}
		if raw = next; raw == nil {
			return history.NilValue(), nil
		}
	}
	var text string
	if json.Unmarshal(raw, &text) == nil { // many stores keep values as texts
		return valueOf(text), nil
	}
	return valueOf(string(raw)), nil
}

// valueOf is what a store holds as this text.
func valueOf(text string) history.Value {
	if text = strings.TrimRight(text, "\r\n"); text == "" {
		return history.NilValue()
	}
	return stored.Value(text)
}

// member is a part of a JSON document; nil if there is none.
func member(document json.RawMessage, name string) (json.RawMessage, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(document, &members) == nil {
		return members[name], nil
	}
	var elements []json.RawMessage
	i, err := strconv.Atoi(name)
	if err != nil || json.Unmarshal(document, &elements) != nil {
		return nil, fmt.Errorf("there is no %s in it", name)
	}
	if i < 0 || i >= len(elements) {
		return nil, nil
	}
	return elements[i], nil
}

// reason is an error in few words, without the address, which the outcome has.
func reason(err error) string {
	var late net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &late) && late.Timeout() {
		return "timeout"
	}
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err.Error()
	}
	return err.Error()
}

// firstLine is the first line of a text.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
