package foreign

import (
	"maps"
	"slices"

	"faultline/cluster/disk"
	"faultline/cluster/foreign/description"
)

// parts are the files of each part of a node that the description names.
func parts(d description.Disk) map[disk.Part][]string {
	all := map[disk.Part][]string{disk.LogPart: d.Log, disk.SnapshotPart: d.Snapshot}
	maps.DeleteFunc(all, func(_ disk.Part, patterns []string) bool { return len(patterns) == 0 })
	return all
}

// partNames are the names of the parts, in order.
func partNames(d description.Disk) (names []string) {
	for _, p := range slices.Sorted(maps.Keys(parts(d))) {
		names = append(names, string(p))
	}
	return names
}
