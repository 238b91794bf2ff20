package direct

import (
	"slices"
	"strings"

	"faultline/checker/txn/internal/parallel"
	"faultline/checker/txn/internal/record"
)

// scanned finds scans that miss a key although their own transaction has seen it or written it before, and reads after a scan that
// contradict it.
func scanned(h *record.History) []Anomaly {
	if len(h.Keys.Prefixes) == 0 {
		return nil
	}
	return parallel.Collect(len(h.Steps.Kind), func(scan int, found []Anomaly) []Anomaly {
		if h.Steps.Kind[scan] != record.Scan || h.Steps.Saw[scan] == record.Unread {
			return found
		}
		return appeared(h, int32(scan), missing(h, int32(scan), found))
	})
}

// appeared finds the reads after a scan that find more of a key that it missed than their own transaction has written since.
func appeared(h *record.History, scan int32, found []Anomaly) []Anomaly {
	end := h.First[h.Steps.Txn[scan]+1]
	if scan+1 == end {
		return found
	}
	absent := map[int32]bool{}
	for key := range h.Absent(scan) {
		absent[key] = true
	}
	written := map[int32]record.Element{} // how many elements the transaction appended
	for step := scan + 1; step < end; step++ {
		key := h.Steps.Key[step]
		switch {
		case h.Steps.Kind[step] == record.Scan || !absent[key]:
		case h.Steps.Kind[step] == record.Write:
			written[key]++
			absent[key] = h.Model == record.ListAppend // what is in a register is known from here on
		case isRead(h, step):
			absent[key] = false // the next read has to agree with this one
			if h.Model == record.ListAppend && h.Steps.Value[step] != written[key] || h.Model == record.RWRegister && h.Steps.Value[step] != record.Absent {
				found = append(found, Anomaly{Name: Internal, Key: key, Steps: []int32{scan, step}})
			}
		}
	}
	return found
}

func missing(h *record.History, scan int32, found []Anomaly) []Anomaly {
	answer := h.Found(scan)
	looked := map[int32]bool{}
	for step := scan - 1; step >= h.First[h.Steps.Txn[scan]]; step-- {
		key := h.Steps.Key[step]
		known := h.Steps.Kind[step] == record.Write || isRead(h, step)
		if !known || looked[key] {
			continue
		}
		looked[key] = true
		if !shows(h, step) || !strings.HasPrefix(h.Keys.Name(key).Word(), h.Keys.Prefixes[h.Steps.Key[scan]]) {
			continue
		}
		if !slices.ContainsFunc(answer, func(step int32) bool { return h.Steps.Key[step] == key }) {
			found = append(found, Anomaly{Name: Internal, Key: key, Steps: []int32{step, scan}})
		}
	}
	return found
}

// shows reports whether a key is there after a step: a list that is not empty, a register that is not null.
func shows(h *record.History, step int32) bool {
	if h.Model == record.ListAppend {
		return h.Steps.Kind[step] == record.Write || h.Steps.Value[step] > 0
	}
	return h.Steps.Value[step] != record.Absent
}
