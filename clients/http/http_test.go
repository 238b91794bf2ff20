package http

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

var kv = map[string]string{
	"read":   "GET /kv/{{.Key}}",
	"write":  "PUT /kv/{{.Key}} {{.Value}}",
	"cas":    "POST /cas/{{.Key}} {{.Old}},{{.New}}",
	"delete": "DELETE /kv/{{.Key}}",
}

var operations = []cluster.Op{
	{F: "read", Key: "k"},
	{F: "write", Key: "k", Value: history.IntValue(1)},
	{F: "cas", Key: "k", Value: history.PairValue(1, 2)},
	{F: "delete", Key: "k"},
}

func with(more map[string]string) map[string]string {
	all := map[string]string{}
	for _, options := range []map[string]string{kv, more} {
		for name, value := range options {
			all[name] = value
		}
	}
	return all
}

func open(t *testing.T, options map[string]string, endpoints ...string) cluster.Client {
	c, err := Open(foreign.Target{Endpoints: endpoints, Options: options, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		status  int
		options map[string]string
		want    string // of a read, a write, a cas and a delete
	}{
		{200, nil, "ok ok ok ok"},
		{204, nil, "ok ok ok ok"},
		{202, nil, "fail info info info"}, // accepted, and not carried out yet
		{202, map[string]string{"ok": "2xx"}, "ok ok ok ok"},
		{404, nil, "ok info info ok"}, // no such key, or no such path
		{404, map[string]string{"absent": ""}, "fail info info info"},
		{412, nil, "fail info fail info"},
		{409, nil, "fail info info info"},
		{409, map[string]string{"mismatch": "409"}, "fail info fail info"},
		{400, nil, "fail info info info"},
		{400, map[string]string{"fail": "400, 421"}, "fail fail fail fail"},
		{500, nil, "fail info info info"},
		{503, nil, "fail info info info"},
		{503, map[string]string{"fail": "503"}, "fail fail fail fail"},
		{302, nil, "fail info info info"},
	} {
		client := open(t, with(c.options), serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status) }))
		got := ""
		for _, op := range operations {
			got += " " + client.Do(op).Type.String()
		}
		if got[1:] != c.want {
			t.Errorf("%d with %v: %s, want %s", c.status, c.options, got[1:], c.want)
		}
	}
}

// A change that was sent and not answered is unknown, however the wait for the answer ends.
func TestNoAnswer(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"silence": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // otherwise the server does not notice when the client gives up
			<-r.Context().Done()
		},
		"dropped": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"half an answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			fmt.Fprint(w, "half")
		},
	} {
		addr := serve(t, h)
		for _, op := range operations {
			want := history.Info
			if op.F == "read" {
				want = history.Fail
			}
			if out := open(t, kv, addr).Do(op); out.Type != want || out.Error == "" {
				t.Errorf("%s, %s: %+v", name, op.F, out)
			}
		}
	}
}

// refusing returns an address where nobody listens.
func refusing(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// What no node takes was not sent. A client that prefers its node asks another one then, and stays with it.
func TestAffinity(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "5") })
	out := open(t, kv, refusing(t), addr).Do(operations[1])
	if out.Type != history.Fail || out.Error == "" {
		t.Errorf("stay: %+v", out)
	}
	client := open(t, with(map[string]string{"affinity": "prefer"}), refusing(t), addr)
	for range 2 {
		if out := client.Do(operations[1]); out.Type != history.OK || out.Node != "127.0.0.1" {
			t.Errorf("prefer: %+v", out)
		}
	}
}

// A redirection is followed if the request stays what it is. One that makes a GET of a PUT says nothing of the PUT.
func TestRedirections(t *testing.T) {
	leader := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "5") })
	for status, want := range map[int]history.Type{http.StatusTemporaryRedirect: history.OK, http.StatusFound: history.Info} {
		follower := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://"+leader+r.URL.Path, status) })
		if out := open(t, kv, follower).Do(operations[1]); out.Type != want {
			t.Errorf("%d: %+v", status, out)
		}
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct{ place, body, want string }{
		{"body", "5", "5"},
		{"body", "5   \n", "5"},
		{"body", "", "null"},
		{"body", "null", "null"},
		{"body", "no JSON", `"no JSON"`},
		{"json:value", `{"value":5}`, "5"},
		{"json:value", `{"value":"5"}`, "5"},
		{"json:value", `{"value":null}`, "null"},
		{"json:value", `{}`, "null"},
		{"json:node.values.1", `{"node":{"values":[4,[5,6]]}}`, "[5,6]"},
		{"json:node.values.2", `{"node":{"values":[4,5]}}`, "null"},
	} {
		addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, c.body) })
		out := open(t, with(map[string]string{"value": c.place}), addr).Do(operations[0])
		if out.Type != history.OK || out.Value.String() != c.want {
			t.Errorf("%s in %q: %+v, want %s", c.place, c.body, out, c.want)
		}
	}
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "oops") })
	if out := open(t, with(map[string]string{"value": "json:value"}), addr).Do(operations[0]); out.Type != history.Fail {
		t.Errorf("no document: %+v", out)
	}
}

func TestRequests(t *testing.T) {
	var got string
	addr := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		b := make([]byte, 100)
		n, _ := r.Body.Read(b)
		got = fmt.Sprintf("%s %s %s %s", r.Method, r.RequestURI, r.Header.Get("Content-Type"), b[:n])
	})
	client := open(t, map[string]string{
		"write":        "PUT /kv/{{.Key}}?v={{.Value}} {\"v\": {{.Value}}}",
		"cas":          "POST /cas {{.Old}} {{.New}}{{.Padding}}.",
		"content_type": "application/json",
	}, addr)
	for _, c := range []struct {
		op   cluster.Op
		want string
	}{
		{cluster.Op{F: "write", Key: "a/b c", Value: history.TextValue("x&y")}, `PUT /kv/a%2Fb%20c?v=%22x%26y%22 application/json {"v": "x&y"}`},
		{cluster.Op{F: "cas", Key: "k", Value: history.PairValue(1, 2), Padding: 3}, "POST /cas application/json 1 2   ."},
	} {
		if client.Do(c.op); got != c.want {
			t.Errorf("%s: %s, want %s", c.op.F, got, c.want)
		}
	}
}

func TestOptions(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"read", "/kv", `option read of the client: "/kv": give a method, a path and perhaps a body, such as "PUT /kv/{{.Key}} {{.Value}}"`},
		{"ok", "2x", `option ok of the client: "2x" is no status such as 404 or 2xx`},
		{"fail", "600", `option fail of the client: "600" is no status such as 404 or 2xx`},
		{"value", "xml", `option value of the client: "xml" is neither body nor a path such as json:node.value`},
		{"foud", "body", `the client has no option "foud"; did you mean found?`},
	} {
		_, err := Open(foreign.Target{Endpoints: []string{"n1:80"}, Options: with(map[string]string{c.name: c.value})})
		if err == nil || err.Error() != c.want {
			t.Errorf("%s = %s: %v", c.name, c.value, err)
		}
	}
	if _, err := Open(foreign.Target{Endpoints: []string{"n1:80"}, Options: with(map[string]string{"read": "GET /{{.Kye}}"})}); err == nil {
		t.Error("a template names what there is not")
	}
	if _, err := Open(foreign.Target{Endpoints: []string{"n1:80"}}); err == nil {
		t.Error("no operation")
	}
}
