package txnkv

import (
	"hash/fnv"
	"sync"
	"time"

	"faultline/cluster"
	"faultline/cluster/network"
	"faultline/cluster/sim/rpc"
	"faultline/history"
)

// shards are groups of nodes with a log each. A key is on the shard that its hash says.
type shards [][]string

// deal gives each shard a share of the nodes, the first ones one more if they cannot have the same.
func deal(nodes []string, n int) shards {
	var all shards
	for left := n; left > 0; left-- {
		share := (len(nodes) + left - 1) / left
		all, nodes = append(all, nodes[:share]), nodes[share:]
	}
	return all
}

// of is the shard of a key.
func (s shards) of(key string) int {
	if len(s) == 1 {
		return 0
	}
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % uint32(len(s)))
}

// on is the shard that a node is of.
func (s shards) on(node string) int {
	for i, nodes := range s {
		for _, name := range nodes {
			if name == node {
				return i
			}
		}
	}
	return 0
}

// client returns a client of one shard, with a node that it prefers if that is of the shard.
func (s shards) client(shard int, host *network.Host, near string, t rpc.Timeouts) *rpc.Client {
	return rpc.NewClient(host, port, s[shard], near, t)
}

// colleagues are the other shards, as a node asks their leaders.
type colleagues struct {
	host     *network.Host
	shards   shards
	timeouts rpc.Timeouts

	mu   sync.Mutex
	idle [][]*rpc.Client // of each shard
}

// colleaguesTime is how long a node waits for another shard to answer: less than a client waits for a commit.
const colleaguesTime = 600 * time.Millisecond

func newColleagues(host *network.Host, all shards, t rpc.Timeouts) *colleagues {
	t.Operation = min(t.Operation, colleaguesTime)
	return &colleagues{host: host, shards: all, timeouts: t, idle: make([][]*rpc.Client, len(all))}
}

// ask has the leader of a shard carry something out that may be asked for again.
func (c *colleagues) ask(shard int, kind string, q request) (a answer, out cluster.Outcome) {
	client := c.take(shard)
	defer c.put(shard, client)
	out = client.Do(rpc.Operation{Request: rpc.NewRequest(kind, q.Term, q.Txn.String(), q), Resend: true,
		Answered: func(r rpc.Response) cluster.Outcome {
			if err := r.Decode(&a); err != nil {
				return cluster.Outcome{Type: history.Info, Error: err.Error()}
			}
			return a.outcome()
		}})
	return a, out
}

func (c *colleagues) take(shard int) *rpc.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle[shard]); n > 0 {
		client := c.idle[shard][n-1]
		c.idle[shard] = c.idle[shard][:n-1]
		return client
	}
	return c.shards.client(shard, c.host, "", c.timeouts)
}

func (c *colleagues) put(shard int, client *rpc.Client) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle[shard] = append(c.idle[shard], client)
}
