package direct

import (
	"slices"
	"strings"

	"faultline/checker/txn/internal/parallel"
	"faultline/checker/txn/internal/record"
)

// vanished finds scans that miss a list although their own transaction has seen it or appended to it before.
func vanished(h *record.History) []Anomaly {
	if len(h.Keys.Prefixes) == 0 {
		return nil
	}
	return parallel.Collect(len(h.Steps.Kind), func(scan int, found []Anomaly) []Anomaly {
		if h.Steps.Kind[scan] != record.Scan || h.Steps.Saw[scan] == record.Unread {
			return found
		}
		return missing(h, int32(scan), found)
	})
}

func missing(h *record.History, scan int32, found []Anomaly) []Anomaly {
	answer := h.Found(scan)
	reported := map[int32]bool{}
	for step := h.First[h.Steps.Txn[scan]]; step < scan; step++ {
		key := h.Steps.Key[step]
		shows := h.Steps.Kind[step] == record.Write || isRead(h, step) && h.Steps.Value[step] > 0
		if !shows || reported[key] || !strings.HasPrefix(h.Keys.Name(key).Word(), h.Keys.Prefixes[h.Steps.Key[scan]]) {
			continue
		}
		if !slices.ContainsFunc(answer, func(step int32) bool { return h.Steps.Key[step] == key }) {
			reported[key] = true
			found = append(found, Anomaly{Name: Internal, Key: key, Steps: []int32{step, scan}})
		}
	}
	return found
}
