package http

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"faultline/clients/internal/options"
)

// form is how operations are put, and how answers are read. Its fields are options:
//
//	read, write, cas, delete   "METHOD PATH BODY", with {{.Key}}, {{.Value}}, {{.Old}}, {{.New}} and {{.Padding}}
//	content_type               of the bodies that are sent
//	ok                         statuses of an operation that was carried out; by default 200, 201 and 204
//	absent                     statuses of a read or a delete of a key that is not there; by default 404
//	mismatch                   statuses of a cas that has found something else, and written nothing; by default 412
//	fail                       statuses that mean that the operation was not and will not be carried out; by default none
//	value                      where the answer to a read has the value: body, or a path in a JSON document such as json:node.value
//	found                      where the answer to a cas that has found something else has that; by default nowhere
//
// Statuses are a list such as "200, 3xx". Of every other status nobody knows what it means for the operation. A 5xx says that a
// server has met with an error, and not when.
type form struct {
	requests    map[string]request
	contentType string

	ok, absent, mismatch, fail statuses

	value, found place
}

func readForm(o *options.Reader) (f form, err error) {
	f.requests = map[string]request{}
	for _, op := range []string{"read", "write", "cas", "delete"} {
		text := o.String(op, "")
		if text == "" {
			continue
		}
		if f.requests[op], err = parseRequest(text); err != nil {
			return f, fmt.Errorf("option %s of the client: %w", op, err)
		}
	}
	if len(f.requests) == 0 {
		return f, errors.New(`the options of the client say of no operation how it is put; give read and write at least, such as "GET /kv/{{.Key}}"`)
	}
	f.contentType = o.String("content_type", "")
	for _, s := range []struct {
		name, usual string
		to          *statuses
	}{{"ok", "200, 201, 204", &f.ok}, {"absent", "404", &f.absent}, {"mismatch", "412", &f.mismatch}, {"fail", "", &f.fail}} {
		if *s.to, err = parseStatuses(o.String(s.name, s.usual)); err != nil {
			return f, fmt.Errorf("option %s of the client: %w", s.name, err)
		}
	}
	if f.value, err = parsePlace(o.String("value", "body")); err != nil {
		return f, fmt.Errorf("option value of the client: %w", err)
	}
	if text := o.String("found", ""); text != "" {
		if f.found, err = parsePlace(text); err != nil {
			return f, fmt.Errorf("option found of the client: %w", err)
		}
	}
	return f, nil
}

// statuses are HTTP statuses, each as its three digits or the first of them with xx.
type statuses []string

func parseStatuses(text string) (s statuses, err error) {
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		class, isClass := strings.CutSuffix(word, "xx")
		n, err := strconv.Atoi(class)
		switch {
		case word == "":
			continue
		case err != nil, isClass && (n < 1 || n > 5), !isClass && (n < 100 || n > 599):
			return nil, fmt.Errorf("%q is no status such as 404 or 2xx", word)
		}
		s = append(s, word)
	}
	return s, nil
}

func (s statuses) have(status int) bool {
	text := strconv.Itoa(status)
	for _, word := range s {
		if word == text || word == text[:1]+"xx" {
			return true
		}
	}
	return false
}
