package redis

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

// serve starts a server that does the same with each connection, and returns its address.
func serve(t *testing.T, with func(net.Conn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				with(c)
			}()
		}
	}()
	return l.Addr().String()
}

// answering answers every command alike but the greeting. A command of these tests fits into one read.
func answering(text string) func(net.Conn) {
	return func(c net.Conn) {
		b := make([]byte, 4096)
		for {
			n, err := c.Read(b)
			if err != nil {
				return
			}
			answer := text
			if strings.Contains(strings.ToUpper(string(b[:n])), "HELLO") {
				answer = "-ERR unknown command 'HELLO'\r\n"
			}
			if _, err := io.WriteString(c, answer); err != nil {
				return
			}
		}
	}
}

func open(t *testing.T, options map[string]string, endpoints ...string) cluster.Client {
	c, err := Open(foreign.Target{Endpoints: endpoints, Options: options, Timeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

var changes = []cluster.Op{
	{F: "write", Key: "k", Value: history.IntValue(1)},
	{F: "cas", Key: "k", Value: history.PairValue(1, 2)},
	{F: "delete", Key: "k"},
	{Object: "set", F: "add", Key: "k", Value: history.IntValue(1)},
	{Object: "queue", F: "enqueue", Key: "k", Value: history.IntValue(1)},
	{Object: "queue", F: "dequeue", Key: "k"},
	{Object: "ids", F: "generate", Key: "k"},
	{Object: "counter", F: "add", Key: "k", Value: history.IntValue(1)},
	{Object: "lock", F: "acquire", Key: "k"},
	{Object: "lock", F: "release", Key: "k"},
}

func TestErrorsOfAServer(t *testing.T) {
	for answer, want := range map[string]history.Type{
		"LOADING Redis is loading the dataset in memory":           history.Fail,
		"READONLY You can't write against a read only replica.":    history.Fail,
		"MASTERDOWN Link with MASTER is down":                      history.Fail,
		"CLUSTERDOWN The cluster is down":                          history.Fail,
		"MOVED 3999 n2:6379":                                       history.Fail,
		"NOREPLICAS Not enough good replicas to write.":            history.Fail,
		"OOM command not allowed when used memory > 'maxmemory'.":  history.Fail,
		"MISCONF Redis is configured to save RDB snapshots":        history.Fail,
		"WRONGTYPE Operation against a key holding the wrong kind": history.Fail,
		"ERR unknown command 'SET'":                                history.Fail,
		"NOTLEADER try n2":                                         history.Fail, // by the option
		"ERR leadership lost while committing log":                 history.Info,
		"ERR timeout": history.Info,
		"UNKILLABLE Sorry the script already executed write commands": history.Info,
	} {
		client := open(t, map[string]string{"fail": "NOTLEADER, TRY"}, serve(t, answering("-"+answer+"\r\n")))
		for _, op := range changes {
			if out := client.Do(op); out.Type != want || out.Error != answer {
				t.Errorf("%s of a %s: %+v, want %v", answer, op.F, out, want)
			}
		}
		if out := client.Do(cluster.Op{F: "read", Key: "k"}); out.Type != history.Fail {
			t.Errorf("%s of a read: %+v", answer, out)
		}
	}
}

// A change that was sent and not answered is unknown, however the wait for the answer ends. A read has failed.
func TestNoAnswer(t *testing.T) {
	for name, with := range map[string]func(net.Conn){
		"silence": func(c net.Conn) { _, _ = io.Copy(io.Discard, c) },
		"dropped": func(c net.Conn) { _, _ = c.Read(make([]byte, 10)) },
		"garbage": answering("what?\r\n"),
	} {
		addr := serve(t, with)
		for _, op := range changes {
			if out := open(t, nil, addr).Do(op); out.Type != history.Info || out.Error == "" {
				t.Errorf("%s of a %s: %+v", name, op.F, out)
			}
		}
		if out := open(t, nil, addr).Do(cluster.Op{F: "read", Key: "k"}); out.Type != history.Fail {
			t.Errorf("%s of a read: %+v", name, out)
		}
	}
}

// What no node takes was not sent. A client that prefers its node asks another one then, or when it refuses.
func TestAffinity(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	nobody, follower, leader := l.Addr().String(), serve(t, answering("-READONLY\r\n")), serve(t, answering("+OK\r\n"))
	if out := open(t, nil, nobody, leader).Do(changes[0]); out.Type != history.Fail || out.Error[:10] != "not sent: " {
		t.Errorf("stay: %+v", out)
	}
	if out := open(t, map[string]string{"affinity": "prefer"}, nobody, follower, leader).Do(changes[0]); out.Type != history.OK {
		t.Errorf("prefer: %+v", out)
	}
}
