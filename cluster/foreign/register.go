package foreign

import (
	"fmt"
	"math/rand/v2"
	"time"

	"faultline/cluster"
)

// Target is what a client is opened for.
type Target struct {
	ID        int               // unique in a run
	Endpoints []string          // "n2:2379", …: the preferred node first
	Node      string            // the preferred node
	Nodes     []string          // all nodes
	Options   map[string]string // [client] of the description, then those of the mode
	Timeout   time.Duration     // of an operation
	Draw      *rand.Rand        // the client's own
}

// opener opens a client. What it and the client do runs on a host of the client's own.
type opener func(Target) (cluster.Client, error)

var openers = map[string]opener{}

// RegisterClient makes a client known by its name. It must be called from an init function of the client's package, which is
// linked into the program of worlds that need it. It panics if the name is taken.
//
// An operation that the client reports as fail must certainly not have been applied, and what it does not know is info.
// Reads of values that the store does not have are history.NilValue.
func RegisterClient(name string, open func(Target) (cluster.Client, error)) {
	if openers[name] != nil {
		panic(fmt.Sprintf("foreign: there are two clients called %q", name))
	}
	openers[name] = open
}

// program is the main function of the store that is inside this program; nil if none is.
var program func()

// RegisterProgram says what the nodes of a world run whose processes are one: the main function of a store that is linked into the
// world's program. It is called from main.
func RegisterProgram(main func()) { program = main }
