package history

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
)

var ednSeeds = []string{
	"[{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0 :type :ok :f :read :value 3}]",
	`{:process 0, :type :invoke, :f :cas, :value ["x" [1 2]], :time 1, :index 0, :node "n1", :faultline/tuples true}` + "\n" +
		`{:process 0, :type :fail, :f :cas, :value ["x" [1 2]], :time 2, :index 1, :error :precondition-failed, :faultline/found #{1 2.5}}`,
	`#jepsen.history.Op{:process :nemesis, :type :info, :f :start, :value {"n1" #{"n2"}}, :log-index 18446744073709551615}`,
	`({:process 3 :type :invoke :f :read :value #jepsen.independent.Tuple[1 nil]}{:process 3 :type :info :f :read :value :timed-out} #_ #_ 1 2 {:process 3 :type :invoke :f :read :value [:k nil]})`,
	"[70 :invoke :read nil]\n[:nemesis :info :start \"x\"](70 :ok :read 0x7f)", `{:process "a" :type :ok :f :txn :value [[:w :x 2r101]]}{:process :b :type :ok :value [[:r :x 4/6]]}`,
	`{:process 1 :type :invoke :f :read :index 4 :time 3}{:process 2 :type :invoke :f :read :index 3 :time 3}{:process 1 :type :ok :f :read :index 5 :time 1}`,
	"\x1f\x8b\x08\x00\x00\x00", "\x28\xb5\x2f\xfd\x04\x00", `{:value "\uD834\uDD1E\q`, "; c\n[", "{:a #object[x 0x1f \"y\"] \\newline 1/2}",
}

// Whatever Open reads is refused with file and line, or keeps its promises: it reads the same in pieces,
// and what is a history is written as EDN and as JSON lines and read back.
func FuzzEDN(f *testing.F) {
	for _, s := range ednSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(fuzzOpen)
}

func FuzzLog(f *testing.F) {
	f.Add([]byte("INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nINFO  jepsen.util - 0\t:fail\t:cas\t[1 2]\n"))
	f.Add([]byte("INFO  jepsen.core - hello\nINFO  jepsen.util - 0\t:info\t:write\t:timed-out\n"))
	f.Add([]byte("INFO [2019-04-01 11:25:00,722] jepsen worker 0 - jepsen.util 0\t:invoke\t:write\t3\n :x\n"))
	f.Add([]byte("2021-02-26 23:39:01,300{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 1\t:ok\t:write\t[0 2]\n"))
	f.Add([]byte("0\t:invoke\t:read\t[1 nil]\n:nemesis\t:info\t:start\tCut off\n0\t:fail\t:read\t[1 nil]\t[:x \"y\"]\r\n\n0\t:invoke\t:read\t[1 nil]"))
	f.Fuzz(fuzzOpen)
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"type":"invoke","f":"write","value":1,"process":0,"time":1},` + "\n" + ` {"type":"ok","f":"write","value":1,"process":0,"time":2}]`))
	f.Add([]byte(`{"process":"a","type":"invoke","f":"read","key":"x","value":{"k":[null,true,1.5e3,"\ud834\udd1e"]},"index":3}` + "\n" + `{"process":"a","type":"info","index":4,"f":"read"}`))
	f.Add([]byte(`[{"process":1,"type":"ok","value":[["append",253,1],["r",255,[3]]]},{"process":1,"type":"fail","error":["x"],"value":[["w",1,1]]}]`))
	f.Add([]byte(`{"process":"nemesis","type":"info","f":"start","value":12345678901234567890}{"process":7,"type":"invoke","f":"cas","value":["k",1,2]}`))
	f.Fuzz(fuzzOpen)
}

func FuzzSessions(f *testing.F) {
	f.Add([]byte("w(3,17,0,0)\nr(4,0,0,0)\nw(3,18,1,1)\nw(4,0,0,0)\nr(3,9223372036854775808,1,1)\n"))
	f.Add([]byte("r(1,-2,5,-1)\n\nw(1,007,5,-1)\r\nr(1,+7,6,2)"))
	f.Add([]byte("w 3 17\nr 4 0\n-----\nw 3 18\n=====\nr 3 18\n"))
	f.Fuzz(fuzzOpen)
}

func fuzzOpen(t *testing.T, b []byte) {
	h, err := readAny(bytes.NewReader(b))
	if in, failed := decompress(bytes.NewReader(b)); failed == nil {
		if format, failed := detect(in); failed == nil && format != JSONLines {
			text, _ := io.ReadAll(in) // as far as it can be decompressed
			sameInPieces(t, format, text)
		}
	}
	if err != nil {
		if !strings.HasPrefix(err.Error(), "file: line ") {
			t.Fatalf("an error without file and line: %v", err)
		}
		return
	}
	for order := ByFile; order <= ByTime; order++ {
		s, err := Open(bytes.NewReader(b), "file", WithOrder(order))
		if err != nil {
			t.Fatalf("by %v: %v", order, err)
		}
		if sorted, err := s.ReadAll(); err != nil && !strings.HasPrefix(err.Error(), "file: line ") || err == nil && len(sorted.Events) != len(h.Events) {
			t.Fatalf("by %v: %v", order, err)
		}
		s.Warnings()
	}
	if _, err := Operations(h.Events); err != nil {
		return
	}
	if again, err := Read(bytes.NewReader(write(t, h))); err != nil || again.Digest() != h.Digest() {
		t.Fatalf("read back from JSON lines: %v", err)
	}
	var edn bytes.Buffer
	if err := h.WriteEDN(&edn); err != nil || edn.Len() == 0 {
		return // keys come and go
	}
	again, err := readAny(bytes.NewReader(edn.Bytes()))
	if err != nil || again.Digest() != h.Digest() {
		t.Fatalf("read back from EDN: %v\n%s", err, edn.Bytes())
	}
}

// Every value that EDN can spell has one form, as EDN and as JSON.
func FuzzParseEDN(f *testing.F) {
	for _, s := range append(slices.Clone(literals), "nil", "[1 2]", `{:a "b" #{1} (2)}`, `"\t\u0041\101"`, "#_ 1 2", "+7", "-0", "0x7F", "2r11", "-4/6", "(list 1)") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseEDN(s)
		if err != nil {
			return
		}
		edn := string(v.AppendEDN(nil))
		again, err := ParseEDN(edn)
		if err != nil || !again.Equal(v) || string(again.AppendEDN(nil)) != edn {
			t.Fatalf("%q was read as %q and then as %q: %v", s, edn, again.AppendEDN(nil), err)
		}
		if v.depth() > maxDepth {
			t.Fatalf("%q nests %d deep", s, v.depth())
		}
		if again, err = ParseValue([]byte(v.String())); err != nil || !again.Equal(v) {
			t.Fatalf("%s was read back as %s: %v", v, again, err)
		}
	})
}
