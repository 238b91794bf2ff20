package world

import (
	"fmt"
	"strconv"
	"strings"

	"faultline/cluster/report"
)

// nameClients calls clients by the processes whose operations they do, as the history does. The others, which ask
// whether the cluster serves or burden it, keep the names that the system gives them.
func (t *test) nameClients(messages []report.Message) {
	for i := range messages {
		m := &messages[i]
		m.From, m.To = t.participant(m.From), t.participant(m.To)
	}
}

func (t *test) participant(name string) string {
	number, ok := strings.CutPrefix(name, "client ")
	if !ok {
		return name
	}
	id, err := strconv.Atoi(number)
	if err != nil || id < 0 || id >= len(t.owners) || t.owners[id] == nobody {
		return name
	}
	return fmt.Sprintf("process %d", t.owners[id])
}
