// Caspaxos is a store of registers on three nodes, as one writes it in an afternoon: HTTP for clients, net/rpc between nodes, a
// file for what a node must not forget. It knows nothing of Faultline. It is CASPaxos (Rystsov 2018): every operation on a key
// is a round of Paxos that changes the value by a function, so there is neither a log nor a leader.
//
// It has a bug. caspaxos.toml describes it to Faultline:
//
//	faultline run --system ./caspaxos.toml
package main

import (
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"net/rpc"
	"os"
	"strings"
)

func main() {
	name := flag.String("name", "n1", "name of this node")
	dir := flag.String("dir", "data", "directory for what must not be forgotten")
	nodes := flag.String("nodes", "n1:8001", "addresses of all nodes, separated by commas")
	flag.Parse()
	if err := serve(*name, *dir, strings.Split(*nodes, ",")); err != nil {
		log.Fatal(err)
	}
}

func serve(name, dir string, nodes []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	a, err := openAcceptor(dir)
	if err != nil {
		return err
	}
	server := rpc.NewServer()
	if err := server.Register(a); err != nil {
		return err
	}
	l, err := net.Listen("tcp", ":8001")
	if err != nil {
		return err
	}
	go server.Accept(l)
	p := &proposer{name: name}
	for _, addr := range nodes {
		p.acceptors = append(p.acceptors, &peer{addr: addr})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /kv/{key...}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, p, r.PathValue("key"), func(old string) (string, bool) { return old, true })
	})
	mux.HandleFunc("PUT /kv/{key...}", func(w http.ResponseWriter, r *http.Request) {
		value, _ := io.ReadAll(r.Body) // what is cut short is written by nobody who waits for the answer
		answer(w, p, r.PathValue("key"), func(string) (string, bool) { return string(value), true })
	})
	mux.HandleFunc("POST /kv/{key...}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, p, r.PathValue("key"), func(old string) (string, bool) {
			if old != r.FormValue("old") {
				return old, false
			}
			return r.FormValue("new"), true
		})
	})
	return http.ListenAndServe(":8000", mux)
}

// answer changes a key and says what came of it.
func answer(w http.ResponseWriter, p *proposer, key string, change func(old string) (string, bool)) {
	matched := true
	value, err := p.propose(key, func(old string) (fresh string) {
		fresh, matched = change(old)
		return fresh
	})
	switch {
	case err == errNothingDone:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case !matched:
		http.Error(w, value, http.StatusConflict)
	default:
		_, _ = io.WriteString(w, value)
	}
}
