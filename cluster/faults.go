package cluster

// Fault is a way in which a system can be hurt: the name of a field of Faults.
type Fault string

// The ways.
const (
	SuffersLinks       Fault = "links"
	SuffersProcesses   Fault = "processes"
	SuffersPauses      Fault = "pauses"
	SuffersLeadership  Fault = "leadership" // the leader is known, so that faults can aim at it
	SuffersClocks      Fault = "clocks"
	SuffersTransfers   Fault = "transfers"
	SuffersMembers     Fault = "members"
	SuffersDisks       Fault = "disks"
	SuffersDeaths      Fault = "deaths"
	SuffersImpairments Fault = "impairments"
	SuffersResets      Fault = "resets"
	SuffersDuplicates  Fault = "duplicates"
)

// Suffers lists the fields that are not nil. It omits Load, which belongs to no system.
func (f Faults) Suffers() []Fault {
	var all []Fault
	for _, way := range []struct {
		name Fault
		is   bool
	}{
		{SuffersLinks, f.Links != nil}, {SuffersProcesses, f.Processes != nil}, {SuffersPauses, f.Pauses != nil},
		{SuffersLeadership, f.Leadership != nil}, {SuffersClocks, f.Clocks != nil}, {SuffersTransfers, f.Transfers != nil},
		{SuffersMembers, f.Members != nil}, {SuffersDisks, f.Disks != nil}, {SuffersDeaths, f.Deaths != nil},
		{SuffersImpairments, f.Impairments != nil}, {SuffersResets, f.Resets != nil}, {SuffersDuplicates, f.Duplicates != nil},
	} {
		if way.is {
			all = append(all, way.name)
		}
	}
	return all
}
