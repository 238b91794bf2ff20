package raftkv

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// TestClient shows what a client makes of what nodes say. The input has the nodes, each with what it does
// with one request after the other, the last for ever, and then the client's operations:
//
//	n1: lost, not-leader n2
//	n2: ok 5
//	n3: silent
//	read
//
// A node may answer ok, with a value or without; mismatch, with what a cas found; or any row of the table
// of outcomes, not-leader with a hint. It may be silent, lose the connection, be down (its machine refuses)
// or gone (nothing answers). An operation "by 10ms" is a slow client's. The output says which node got what and when, and what the client says in the
// end. A message takes 1ms; an attempt may take 60ms and an operation 150ms.
func TestClient(t *testing.T) {
	datadriven.Walk(t, "testdata/client", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) (out string) {
			synctest.Test(t, func(t *testing.T) {
				f := &fakes{t: t, start: time.Now(), network: network.New(network.Config{Delay: network.Delay{Base: time.Millisecond}})}
				f.run(strings.Split(d.Input, "\n"), settings{anywhere: d.HasArg("anywhere"), blind: d.HasArg("blind"), affinity: affinityOf(d)})
				out = f.trace.String()
			})
			return out
		})
	})
}

// fakes are nodes that do as they are told.
type fakes struct {
	t       *testing.T
	start   time.Time
	network *network.Network
	names   []string
	hosts   []*network.Host
	trace   strings.Builder // only one goroutine has anything to say at an instant
}

// settings are a client's.
type settings struct {
	anywhere, blind bool
	affinity        Affinity
}

func affinityOf(d *datadriven.TestData) Affinity {
	for _, a := range Affinities() {
		if d.HasArg(string(a)) {
			return a
		}
	}
	return Prefer
}

func (f *fakes) run(lines []string, s settings) {
	var ops []string
	for _, line := range lines {
		name, does, ok := strings.Cut(line, ": ")
		if !ok {
			ops = append(ops, line)
			continue
		}
		f.names = append(f.names, name)
		f.boot(name, strings.Split(does, ", "))
	}
	host := f.network.Attach("client")
	level := Level{anywhere: s.anywhere}
	c := newClient(1, host, f.names, "", level, ClientConfig{OperationTimeout: 150 * time.Millisecond, AttemptTimeout: 60 * time.Millisecond,
		Backoff: 20 * time.Millisecond, Affinity: s.affinity, BlindRetries: s.blind})
	for _, op := range ops {
		f.say("%s: %s", op, describe(c.Do(parseOp(f.t, op))))
	}
	c.Close()
	for _, h := range append(f.hosts, host) {
		h.Kill()
	}
	time.Sleep(time.Minute)
}

func (f *fakes) say(format string, args ...any) {
	fmt.Fprintf(&f.trace, "%-7v %s\n", time.Since(f.start), fmt.Sprintf(format, args...))
}

func (f *fakes) boot(name string, does []string) {
	if does[0] == "gone" {
		return
	}
	h := f.network.Attach(name)
	f.hosts = append(f.hosts, h)
	if does[0] == "down" {
		return
	}
	l, err := h.Listen(kvPort)
	if err != nil {
		f.t.Fatal(err)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go f.serve(name, conn, &does)
		}
	}()
}

func (f *fakes) serve(name string, conn net.Conn, does *[]string) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for {
		b, err := rpc.ReadFrame(r)
		if err != nil {
			return
		}
		req, err := decodeRequest(b)
		if err != nil {
			f.t.Error(err)
		}
		do := strings.Fields((*does)[0])
		if len(*does) > 1 {
			*does = (*does)[1:]
		}
		f.say("  %s gets serial %d: %s", name, req.Command.Serial, strings.Join(do, " "))
		switch do[0] {
		case "silent":
			continue
		case "lost":
			return
		}
		answer := f.answer(do)
		if _, err := conn.Write(answer.encode(nil)); err != nil {
			return
		}
	}
}

func (f *fakes) answer(do []string) response {
	value := ""
	if len(do) > 1 {
		value = do[1]
	}
	found := result{Matched: do[0] == "ok", Present: value != "", Value: value, Index: 7}
	if do[0] == "ok" || do[0] == "mismatch" {
		return response{Code: codeOK, Result: found}
	}
	for _, o := range outcomes {
		if o.Name == do[0] {
			return response{Code: codeOf(o), Error: o.Name, Leader: value}
		}
	}
	f.t.Errorf("no node can do %q", do[0])
	return response{}
}

func parseOp(t *testing.T, line string) cluster.Op {
	line, pace, slow := strings.Cut(line, " by ")
	words := strings.Fields(line)
	var args []history.Value
	for _, w := range words[1:] {
		n, err := strconv.ParseInt(w, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, history.IntValue(n))
	}
	op := cluster.Op{F: words[0], Key: "k"}
	if object, f, ok := strings.Cut(words[0], "."); ok {
		op.Object, op.F = object, f
	}
	if slow {
		var err error
		if op.Pace, err = time.ParseDuration(pace); err != nil {
			t.Fatal(err)
		}
	}
	switch len(args) {
	case 1:
		op.Value = args[0]
	case 2:
		op.Value = history.ListValue(args...)
	}
	return op
}

func describe(o cluster.Outcome) string {
	s := o.Type.String()
	if o.Value.Kind() != history.None {
		s += " " + o.Value.String()
	}
	if o.Node != "" {
		s += " from " + o.Node
	}
	if o.LogIndex != 0 {
		s += fmt.Sprintf(" at index %d", o.LogIndex)
	}
	if o.Error != "" {
		s += " (" + o.Error + ")"
	}
	if o.Over {
		s += "; its session is over"
	}
	return s
}
