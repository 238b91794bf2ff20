package clients_test

import (
	"cmp"
	"fmt"
	"net"
	"net/rpc"
	"time"

	"faultline/cluster"
	"faultline/cluster/foreign"
	"faultline/history"
)

func init() { foreign.RegisterClient("mystore", open) }

// client is a client of a store that answers by net/rpc.
type client struct{ foreign.Target }

var methods = map[string]string{"read": "Store.Read", "write": "Store.Write"}

func open(t foreign.Target) (cluster.Client, error) { return client{t}, nil }

func (c client) Do(o cluster.Op) cluster.Outcome {
	conn, err := net.DialTimeout("tcp", c.Endpoints[0], c.Timeout)
	if err != nil { // nothing was sent
		return cluster.Outcome{Type: history.Fail, Error: err.Error(), Node: c.Node}
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(c.Timeout))
	var answer string
	switch err := rpc.NewClient(conn).Call(methods[o.F], []string{o.Key, o.Value.String()}, &answer); {
	case err != nil && o.F == "read": // it has changed nothing
		return cluster.Outcome{Type: history.Fail, Error: err.Error(), Node: c.Node}
	case err != nil: // the outcome is unknown
		return cluster.Outcome{Type: history.Info, Error: err.Error(), Node: c.Node}
	}
	value, _ := history.ParseValue([]byte(answer)) // a write answers nothing
	return cluster.Outcome{Type: history.OK, Value: value, Node: c.Node}
}

func (c client) Close() {}

// A client of one's own is twenty lines: a Do that says honestly how an operation ended, and a name to register it by.
func Example() {
	addr, stop := serve(map[string]string{})
	c, err := open(foreign.Target{Endpoints: []string{addr}, Node: "n1", Timeout: time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	for _, op := range []cluster.Op{{F: "read", Key: "a"}, {F: "write", Key: "a", Value: history.IntValue(5)}, {F: "read", Key: "a"}} {
		out := c.Do(op)
		fmt.Printf("%s %v %q\n", op.F, out.Type, out.Value)
	}
	stop()
	fmt.Println(c.Do(cluster.Op{F: "write", Key: "a", Value: history.IntValue(6)}).Type)
	// Output:
	// read ok "null"
	// write ok ""
	// read ok "5"
	// fail
}

// serve starts the store, and returns its address.
func serve(keys map[string]string) (addr string, stop func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	s := rpc.NewServer()
	if err := s.RegisterName("Store", Store{keys}); err != nil {
		panic(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.ServeConn(c)
		}
	}()
	return l.Addr().String(), func() { _ = l.Close() }
}

// Store is the store.
type Store struct{ keys map[string]string }

// Read answers what a key has.
func (s Store) Read(args []string, answer *string) error {
	*answer = cmp.Or(s.keys[args[0]], "null")
	return nil
}

// Write puts something under a key.
func (s Store) Write(args []string, _ *string) error {
	s.keys[args[0]] = args[1]
	return nil
}
