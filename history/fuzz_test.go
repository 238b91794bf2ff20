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
	f.Add([]byte("0\t:invoke\t:read\t[1 nil]\n:nemesis\t:info\t:start\tCut off\n0\t:fail\t:read\t[1 nil]\t[:x \"y\"]\r\n\n0\t:invoke\t:read\t[1 nil]"))
	f.Fuzz(fuzzOpen)
}

func fuzzOpen(t *testing.T, b []byte) {
	h, err := readAny(bytes.NewReader(b))
	slow, slowErr := readAny(&trickle{b: b})
	if err != nil {
		if !strings.HasPrefix(err.Error(), "file: line ") {
			t.Fatalf("an error without file and line: %v", err)
		}
		if slowErr == nil || slowErr.Error() != err.Error() {
			t.Fatalf("%v, and in pieces %v", err, slowErr)
		}
		return
	}
	if slowErr != nil || !slices.EqualFunc(h.Events, slow.Events, sameEvent) {
		t.Fatalf("in pieces it is another history: %v", slowErr)
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

// trickle hands over a few bytes at a time, so that tokens come in pieces.
type trickle struct{ b []byte }

func (r *trickle) Read(b []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, io.EOF
	}
	n := copy(b, r.b[:min(len(r.b), 3)])
	r.b = r.b[n:]
	return n, nil
}

// Every value that EDN can spell has one form, as EDN and as JSON.
func FuzzParseEDN(f *testing.F) {
	for _, s := range append(slices.Clone(literals), "nil", "[1 2]", `{:a "b" #{1} (2)}`, `"\t\u0041\101"`, "#_ 1 2", "+7", "-0", "0x7F") {
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
