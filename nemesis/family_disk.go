package nemesis

import (
	"math/rand/v2"
	"time"
)

// The families of bad disks. None of them lets a sound store lose anything, but the last two.
var (
	slowDiskFamily = conditionFamily(diskSlow, "syncs of one node, some or all take 5 ms to 300 ms longer, with a tail as long",
		func(rng *rand.Rand, _ Subject) setting {
			return setting{base: drawLatency(rng), tail: drawLatency(rng)}
		})
	stuckDiskFamily = conditionFamily(diskStuck, "no sync of one node, some or all ends for a while", nil)
	diskErrorFamily = conditionFamily(diskError, "writes of one node, some or all fail with an I/O error; "+
		"a process that panics because of it restarts in the end", nil)
	diskFullFamily = conditionFamily(diskFull, "writes of one node, some or all fail because the disk is full", nil)
	bitFlipFamily  = conditionFamily(bitFlip, "a bit flips in the log or snapshot of one node, some or all, "+
		"which cannot start until it is repaired", drawPart).also("bitflip", "file-corruption")

	// truncateFamily takes away what a store has acknowledged, and does not show: a log without its end looks as it did before.
	truncateFamily = conditionFamily(truncation, "the end of the log or snapshot of one node, some or all is lost; a store that takes "+
		"it for a torn write forgets what it acknowledged", drawPart).also("truncate-file").notInAll()

	// unsafeDiskFamily breaks what a store must rely on. It may lose writes that were acknowledged.
	unsafeDiskFamily = family{
		Family: Family{Name: "unsafe-disk", Summary: "syncs of one node, some or all do nothing, and then the power is lost: " +
			"no store survives it on a majority, and acknowledged writes may be lost"},
		nodes: 1, unsafe: true,
		begin: func(rng *rand.Rand, on Subject) Action {
			return beginAction{diskLying, drawSymbol(rng, diskLying.symbols, len(on.Nodes)), setting{}}
		},
		end: powerCycle{targets{symbol: all}},
	}
)

// conditionFamily begins and ends a condition. Its name is that of the verb. Draw draws the setting; nil for none.
func conditionFamily(c *condition, summary string, draw func(*rand.Rand, Subject) setting) family {
	return family{
		Family: Family{Name: c.begins, Summary: summary},
		nodes:  1,
		begin: func(rng *rand.Rand, on Subject) Action {
			a := beginAction{condition: c, targets: drawSymbol(rng, c.symbols, len(on.Nodes))}
			if draw != nil {
				a.setting = draw(rng, on)
			}
			return a
		},
		end: c.endAll(),
	}
}

// drawPart draws what is damaged.
func drawPart(rng *rand.Rand, on Subject) setting {
	parts := on.Damageable()
	return setting{word: parts[rng.IntN(len(parts))]}
}

// drawLatency draws what a sync may take: of a busy disk, of one with many seeks, of a remote one, of one
// that is nearly dead.
func drawLatency(rng *rand.Rand) time.Duration {
	return []time.Duration{5, 20, 100, 300}[rng.IntN(4)] * time.Millisecond
}
