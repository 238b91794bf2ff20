package primary

import (
	"faultline/cluster/sim/epochlog"
	"faultline/cluster/sim/kv"
)

// The log has commands. An entry without one marks where an epoch begins.
type (
	log      = epochlog.Log[kv.Command]
	entry    = epochlog.Entry[kv.Command]
	position = epochlog.Position
)
