// Package foreign is a kind of system for stores that are programs of their own.
package foreign

import (
	"math/rand/v2"
	"time"

	"faultline/cluster"
)

// Target is what a client is opened for.
type Target struct {
	ID        int               // unique in a run
	Endpoints []string          // "n2:2379", …: the preferred node first
	Node      string            // the preferred node
	Nodes     []string          // all of them
	Options   map[string]string // [client] of the description, then those of the mode
	Timeout   time.Duration     // of an operation
	Draw      *rand.Rand
}

// RegisterClient makes a kind of client known by its name.
func RegisterClient(name string, open func(Target) (cluster.Client, error)) { clients[name] = open }

var clients = map[string]func(Target) (cluster.Client, error){}
