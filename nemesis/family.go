package nemesis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"faultline/cluster"
	"faultline/internal/nearest"
)

// Family is a kind of faults that Generate can draw.
type Family struct {
	Name    string
	Also    []string // what other tools call it: ParseFamilies reads these too
	Summary string   // in a line
}

// family is how one is drawn: as faults that begin and end in turn. Faults of an instant have no end. A new one is
// a file of its own and a line in families.
type family struct {
	Family
	nodes  int  // how many nodes it needs
	unsafe bool // a sound store may not survive it: all does not mean it
	begin  func(rng *rand.Rand, on Subject) Action
	end    Action // nil for faults of an instant
}

var families = []family{
	partitionFamily,
	crashFamily,
	pauseFamily,
	clockFamily, transferFamily, membershipFamily,
	onewayFamily, chaseFamily, flapFamily,
	delayFamily, lossFamily, throttleFamily, reorderFamily, duplicateFamily, resetFamily,
	slowDiskFamily, stuckDiskFamily, diskErrorFamily, diskFullFamily, bitFlipFamily, truncateFamily, unsafeDiskFamily,
	crashAtFamily, crashLoopFamily, rollingFamily, olderFamily,
	loadFamily,
}

// What stands for no family at all, and for all that a correct store survives.
const (
	noFaults  = "none"
	allFaults = "all"
)

// AllFamilies lists all families, whatever a system can suffer.
func AllFamilies() []Family {
	list := make([]Family, len(families))
	for i, f := range families {
		list[i] = f.Family
	}
	return list
}

// Families lists the families that ParseFamilies knows for a system that suffers these faults, without none and all.
func Families(suffers []cluster.Fault) []Family {
	var list []Family
	for _, f := range families {
		if f.refuse(suffers) == nil {
			list = append(list, f.Family)
		}
	}
	return list
}

// also gives a family the names that it has elsewhere.
func (f family) also(names ...string) family {
	f.Also = names
	return f
}

// notInAll says that a sound store may not survive the family.
func (f family) notInAll() family {
	f.unsafe = true
	return f
}

// ParseFamilies reads the names of families, separated by commas, for a system that can suffer these faults. The word none
// stands for no faults, the word all for every family that the system can suffer and, if it is correct, survives. A family that
// is named more than once counts once. One that the system cannot suffer is an error.
func ParseFamilies(text string, suffers []cluster.Fault) ([]string, error) {
	if strings.TrimSpace(text) == noFaults {
		return nil, nil
	}
	var names []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name == allFaults {
			names = Union(names, survivable(suffers))
		} else {
			names = Union(names, []string{ownName(name)})
		}
	}
	return names, CheckFamilies(names, suffers)
}

// ownName is what a family is called here that may have been named as elsewhere.
func ownName(name string) string {
	for _, f := range families {
		if slices.Contains(f.Also, name) {
			return f.Name
		}
	}
	return name
}

// CheckFamilies reports what is wrong with a list of families for a system that can suffer these faults.
func CheckFamilies(names []string, suffers []cluster.Fault) error {
	found, err := lookUp(names)
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := f.refuse(suffers); err != nil {
			return err
		}
	}
	return nil
}

// FormatFamilies is the shortest text that ParseFamilies reads as these families.
func FormatFamilies(names []string, suffers []cluster.Fault) string {
	if len(names) == 0 {
		return noFaults
	}
	all := survivable(suffers)
	var others []string
	for _, name := range names {
		if !slices.Contains(all, name) {
			others = append(others, name)
		}
	}
	if len(all) > 0 && len(names)-len(others) == len(all) {
		names = append([]string{allFaults}, others...)
	}
	return strings.Join(names, ",")
}

// Union returns the families of both lists.
func Union(names, more []string) []string {
	union := slices.Clone(names)
	for _, name := range more {
		if !slices.Contains(union, name) {
			union = append(union, name)
		}
	}
	return union
}

func survivable(suffers []cluster.Fault) []string {
	var names []string
	for _, f := range families {
		if !f.unsafe && f.refuse(suffers) == nil {
			names = append(names, f.Name)
		}
	}
	return names
}

// lookUp returns the named families, in the order of the list of all, so that "crash,pause" and
// "pause,crash" are the same faults.
func lookUp(names []string) ([]family, error) {
	known := []string{noFaults}
	for _, f := range families {
		known = append(known, f.Name)
	}
	for i, name := range names {
		switch {
		case name == noFaults:
			return nil, fmt.Errorf("the family %s stands alone, as it means no faults", noFaults)
		case ownName(name) != name:
			return nil, fmt.Errorf("unknown family of faults %q; it is called %s", name, ownName(name))
		case !slices.Contains(known, name):
			return nil, fmt.Errorf("unknown family of faults %q; %s", name, nearest.Hint(name, append(known, allFaults), "the families are"))
		case slices.Contains(names[:i], name):
			return nil, fmt.Errorf("the family of faults %s is named twice", name)
		}
	}
	var found []family
	for _, f := range families {
		if slices.Contains(names, f.Name) {
			found = append(found, f)
		}
	}
	return found, nil
}
