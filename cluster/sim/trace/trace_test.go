package trace

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"faultline/cluster/network"
)

// lines is a protocol whose messages are lines: a kind, and what it is about.
type lines struct{}

func (lines) Request(b []byte) (Parsed, bool) {
	line, _, ok := strings.Cut(string(b), "\n")
	kind, detail, _ := strings.Cut(line, " ")
	return Parsed{Kind: kind, Detail: detail, Size: len(line) + 1}, ok
}

func (l lines) Response(kind string, b []byte) (Parsed, bool) {
	m, ok := l.Request(b)
	return Parsed{Kind: kind + " response", Detail: strings.TrimSpace(m.Kind + " " + m.Detail), Size: m.Size}, ok
}

// TestMessages come in any pieces on any connections. What was begun and never finished is none, and nor is what was said on a
// port without a protocol.
func TestMessages(t *testing.T) {
	var writes []network.Written
	say := func(conn int, from, to, port string, read time.Duration, text string) {
		dialer := conn == 1 && from == "client-7" || conn > 1 && from == "n1"
		writes = append(writes, network.Written{Conn: conn, From: from, To: to, Port: port, Dialer: dialer,
			Sent: time.Duration(len(writes)), Read: read, Bytes: []byte(text)})
	}
	say(1, "client-7", "n1", "1", 10, "write k1")
	say(2, "n1", "n2", "1", 11, "store k1\nstore k2\n")
	say(1, "client-7", "n1", "1", 12, " := 5\nread k1\n")
	say(3, "n1", "n2", "2", 13, "of no protocol\n")
	say(2, "n2", "n1", "1", 14, "ok\nno")
	say(1, "n1", "client-7", "1", network.Unread, "done\n")
	var got []string
	for _, m := range Messages(writes, map[string]NewProtocol{"1": func() Protocol { return lines{} }}) {
		got = append(got, fmt.Sprintf("%d %s to %s: %s %s, %d to %d, answers %d", m.ID, m.From, m.To, m.Kind, m.Detail, m.Sent, m.Received, m.ReplyTo))
	}
	want := []string{
		"1 client 7 to n1: write k1 := 5, 0 to 12, answers 0",
		"2 n1 to n2: store k1, 1 to 11, answers 0",
		"3 n1 to n2: store k2, 1 to 11, answers 0",
		"4 client 7 to n1: read k1, 2 to 12, answers 0",
		"5 n2 to n1: store response ok, 4 to 14, answers 2",
		"6 n1 to client 7: write response done, 5 to -1, answers 1",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got:\n%s\nwant:\n%s", g, w)
	}
}
