package record

import "faultline/history"

// translation says which numbers the history has for those of a key in a block.
type translation struct {
	key      int32
	values   []Element // of its values that are not integers
	branches []int32   // of its branches
}

// translate gives keys, prefixes, values and branches of a block the numbers that they have in the history, new ones in order of their
// first step.
func (b *Builder) translate(block *block) {
	keys := make([]translation, block.keys.Len())
	for i := range keys {
		keys[i] = b.translateKey(block, int32(i))
	}
	prefixes := make([]int32, block.prefixes.Len())
	for i := range prefixes {
		prefixes[i] = b.prefixes.Of(block.prefixes.Value(int32(i)))
	}
	for i, kind := range block.kind {
		if kind == Scan {
			block.key[i] = prefixes[block.key[i]]
			continue
		}
		k := &keys[block.key[i]]
		block.key[i] = k.key
		if v := block.value[i]; v >= Other && v != Absent {
			block.value[i] = k.values[v-Other]
		}
		if saw := block.saw[i]; saw >= 0 {
			block.saw[i] = k.branches[saw]
		}
	}
}

func (b *Builder) translateKey(block *block, local int32) translation {
	k := translation{key: b.keyOf(block.keys.Value(local))}
	if values := block.others[local]; values != nil {
		for i := range values.Len() {
			k.values = append(k.values, element(values.Value(int32(i)), &b.h.Keys.others[k.key]))
		}
	}
	for _, list := range block.lists[local] {
		for i, e := range list {
			if e >= Other && e != Absent {
				list[i] = k.values[e-Other]
			}
		}
		k.branches = append(k.branches, b.lists[k.key].place(list))
	}
	return k
}

// keyOf numbers a key of the history.
func (b *Builder) keyOf(name history.Value) int32 {
	key := b.h.Keys.names.Of(name)
	if int(key) == len(b.lists) {
		b.lists = append(b.lists, nil)
		b.h.Keys.others = append(b.h.Keys.others, nil)
	}
	return key
}
