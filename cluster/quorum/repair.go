package quorum

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"faultline/cluster/sim/rpc"
	"faultline/cluster/versioned"
)

// repair waits for the answers that are left of a read, and tells those replicas what the key is that do not have it.
func (r *replica) repair(key string, said []version, heard <-chan rpc.Heard, left int) {
	for range left {
		said = append(said, versionOf(<-heard)...)
	}
	o := r.together(said)
	for _, v := range said {
		if !v.object.Equal(o) {
			_, _ = r.tell(v.node, rpc.NewRequest("store", 0, fmt.Sprintf("repair, %s is %v", key, o), copied{Key: key, Object: o}))
		}
	}
}

// handOff is what delivers a hint.
const handOff = "hand-off"

// handHintsOff tells nodes now and then what they have missed, by the hints that are kept for them.
func (r *replica) handHintsOff() {
	for r.Sleep(r.config.HandOff) {
		silent := ""
		for _, h := range r.hinted() {
			if h.Node != silent && !r.deliver(h) {
				silent = h.Node
			}
		}
	}
}

// hinted are all hints, those for a node after each other.
func (r *replica) hinted() []hint {
	r.Lock()
	defer r.Unlock()
	return slices.SortedFunc(maps.Keys(r.hints), func(a, b hint) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Key, b.Key))
	})
}

// deliver passes on what a hint is of, and reports whether the node has it. The hint stays if more has come meanwhile.
func (r *replica) deliver(h hint) bool {
	o := r.has(h.Key)
	response, err := r.tell(h.Node, rpc.NewRequest(handOff, 0, fmt.Sprintf("%s is %v", h.Key, o), copied{Key: h.Key, Object: o}))
	if err != nil || response.Status != rpc.Done {
		return false
	}
	r.Lock()
	defer r.Unlock()
	r.Own()
	defer r.Disown()
	if r.objects[h.Key].Equal(o) {
		r.commit(record{Key: h.Key, For: h.Node, Delivered: true})
	}
	return true
}

// digests are those of what two nodes both have replicas of, by key. In practice they are the leaves of a hash tree, so that
// comparing takes few messages where there are many keys.
type digests map[string]uint64

func (r *replica) digests(with string) digests {
	all := digests{}
	for key, o := range r.inCommon(with) {
		all[key] = o.Digest()
	}
	return all
}

// inCommon are the objects of which this and another node are replicas.
func (r *replica) inCommon(with string) map[string]versioned.Object {
	return r.shared(func(key string) bool {
		home := r.home(key)
		return slices.Contains(home, r.Node()) && slices.Contains(home, with)
	})
}

// root is the digest of digests.
func (d digests) root() uint64 {
	h := fnv.New64a()
	for _, key := range slices.Sorted(maps.Keys(d)) {
		fmt.Fprintln(h, key, d[key])
	}
	return h.Sum64()
}

// differ are the keys of which two nodes do not have the same.
func (d digests) differ(e digests) []string {
	keys := map[string]bool{}
	for key := range d {
		keys[key] = d[key] != e[key]
	}
	for key := range e {
		keys[key] = d[key] != e[key]
	}
	maps.DeleteFunc(keys, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(keys))
}

// comparison asks whether two nodes have the same.
type comparison struct {
	From string `json:"from"`
	Root uint64 `json:"root"`
}

// compared is the answer to a comparison.
type compared struct {
	Same    bool    `json:"same"`
	Digests digests `json:"digests,omitempty"` // if it is not the same
}

// swap is what a node has of some keys, for another that has something else of them.
type swap struct {
	Keys    []string                    `json:"keys"`
	Objects map[string]versioned.Object `json:"objects"`
}

// compareWithOthers is anti-entropy (Demers and others 1987): a node compares what it has with what another one has, each in its
// turn, and both take from each other what they lack.
func (r *replica) compareWithOthers() {
	others := r.Others()
	for i := 0; r.Sleep(r.config.AntiEntropy) && len(others) > 0; i++ {
		r.compareWith(others[i%len(others)])
	}
}

func (r *replica) compareWith(node string) {
	var theirs compared
	mine := r.digests(node)
	response, err := r.tell(node, rpc.NewRequest("compare", 0, "", comparison{r.Node(), mine.root()}))
	if err != nil || response.Decode(&theirs) != nil || theirs.Same {
		return
	}
	offer := swap{Keys: mine.differ(theirs.Digests)}
	offer.Objects = r.some(offer.Keys)
	response, err = r.tell(node, rpc.NewRequest("exchange", 0, fmt.Sprint(offer.Keys), offer))
	var back swap
	if err == nil && response.Decode(&back) == nil {
		r.learn(back)
	}
}

func (r *replica) compare(c comparison) rpc.Response {
	mine := r.digests(c.From)
	if mine.root() == c.Root {
		return rpc.Answer(0, "the same", compared{Same: true})
	}
	return rpc.Answer(0, "something else", compared{Digests: mine})
}

// exchange takes what another node has, and answers with what this one has then.
func (r *replica) exchange(offer swap) rpc.Response {
	r.learn(offer)
	return rpc.Answer(0, "", swap{offer.Keys, r.some(offer.Keys)})
}

func (r *replica) some(keys []string) map[string]versioned.Object {
	return r.shared(func(key string) bool { return slices.Contains(keys, key) })
}

func (r *replica) learn(from swap) {
	for _, key := range slices.Sorted(maps.Keys(from.Objects)) {
		r.store(copied{Key: key, Object: from.Objects[key]})
	}
}
