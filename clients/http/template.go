package http

import (
	"fmt"
	"net/url"
	"strings"
	"text/template"

	"faultline/clients/internal/stored"
	"faultline/cluster"
)

// request is how an operation is put: a method, a path and a body, with {{.Key}}, {{.Value}} and so on in path and body.
type request struct {
	method string
	path   *template.Template
	body   *template.Template
}

// fields are what a template can name. In a path they are escaped.
type fields struct {
	Key     string
	Value   string // of a write, as JSON
	Old     string // of a cas: what it expects, as JSON
	New     string // of a cas: what it writes, as JSON
	Padding string // as many spaces as make a value large, for a store that ignores them
}

// parseRequest reads "METHOD PATH BODY"; the body may be missing.
func parseRequest(text string) (r request, err error) {
	method, rest, _ := strings.Cut(text, " ")
	path, body, _ := strings.Cut(rest, " ")
	if method == "" || method != strings.ToUpper(method) || !strings.HasPrefix(path, "/") {
		return r, fmt.Errorf(`%q: give a method, a path and perhaps a body, such as "PUT /kv/{{.Key}} {{.Value}}"`, text)
	}
	r.method = method
	if r.path, err = parseTemplate(path); err != nil {
		return r, err
	}
	r.body, err = parseTemplate(body)
	return r, err
}

// parseTemplate reads a template, and carries it out once to see whether it names what there is.
func parseTemplate(text string) (*template.Template, error) {
	t, err := template.New("").Option("missingkey=error").Parse(text)
	if err == nil {
		err = t.Execute(new(strings.Builder), fields{})
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w; a template can name .Key, .Value, .Old, .New and .Padding", text, err)
	}
	return t, nil
}

// render returns the path and the body for an operation.
func (r request) render(o cluster.Op) (path, body string, err error) {
	f := fields{Key: o.Key, Padding: cluster.Pad("", o.Padding)}
	switch o.F {
	case "write":
		f.Value = stored.Text(o.Value, 0)
	case "cas":
		old, fresh, err := o.CAS()
		if err != nil {
			return "", "", err
		}
		f.Old, f.New = stored.Text(old, 0), stored.Text(fresh, 0)
	}
	var p, b strings.Builder
	if err := r.path.Execute(&p, f.escaped()); err != nil {
		return "", "", err
	}
	err = r.body.Execute(&b, f)
	return p.String(), b.String(), err
}

// escaped are the fields as they stand in a path or a query.
func (f fields) escaped() fields {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return fields{escape(f.Key), escape(f.Value), escape(f.Old), escape(f.New), escape(f.Padding)}
}
