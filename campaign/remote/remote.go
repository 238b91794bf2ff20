// Package remote runs the trials of a campaign on several machines, through a work queue.
//
// The coordinator is a trial.Runner: it publishes each trial and waits for the answer. A worker fetches trials, runs their worlds as a
// campaign on its own machine would, and answers with what the campaign notes of them, and with the whole run where its files are wanted.
//
// A trial is a build, a spec and a seed, and whoever runs it comes to the same. So each may be run twice, and nothing of it is lost or
// counted twice: an answer is settled when its line is in the campaign's journal; a worker that is not heard of loses its trial to
// another; a coordinator that was killed publishes what has no line yet, and is handed the answers that it had not settled; what the
// queue itself has lost is published again. If two workers come to different histories all the same, that is told as a fault of Faultline
// (Difference).
//
// A worker runs trials of its own build only: it says which lanes it serves, and a campaign is in one lane. It runs programs that the
// coordinator has built (of stores that are programs of their own, or with the overlay) only if it was told to, as whoever may publish
// could then have it run anything.
package remote

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"runtime"
	"slices"

	"faultline/campaign/remote/queue"
	"faultline/campaign/trial"
)

// NewID returns a name for a campaign or a party that no other has.
func NewID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// party is who this program is in a campaign.
func party(name string) queue.Party {
	return queue.Party{ID: NewID(), Name: name, Build: trial.Build(), Go: runtime.Version(), Machine: runtime.GOOS + "/" + runtime.GOARCH}
}

// lane names the workers that may run a campaign: those of the same build or, if builds are mixed, any; and if trials bring programs, only
// those that take them.
func lane(build string, mixed, programs bool) string {
	name := build
	if mixed {
		name = "mixed"
	}
	if programs {
		name += "-programs"
	}
	return name
}

// lanes are those that a worker serves.
func lanes(build string, mixed, programs bool) []string {
	all := []string{lane(build, false, false)}
	if programs {
		all = append(all, lane(build, false, true))
	}
	if mixed {
		all = append(all, lane(build, true, false))
	}
	if mixed && programs {
		all = append(all, lane(build, true, true))
	}
	return all
}

// refusal is why a worker does not serve a campaign, and what would help; empty if it does.
func refusal(worker, campaign queue.Party) string {
	if slices.ContainsFunc(campaign.Lanes, func(l string) bool { return slices.Contains(worker.Lanes, l) }) {
		return ""
	}
	const mix = "run the same file on both machines, or say --mixed to both, which leaves replay to best effort"
	mixes := slices.Contains(worker.Lanes, lane("", true, false)) && slices.ContainsFunc(campaign.Lanes, isMixed)
	switch {
	case mixes:
	case worker.Machine != campaign.Machine:
		return fmt.Sprintf("its machine is %s and the campaign's is %s: %s", worker.Machine, campaign.Machine, mix)
	case worker.Go != campaign.Go:
		return fmt.Sprintf("it was built with %s and the campaign with %s: %s", worker.Go, campaign.Go, mix)
	case worker.Build != campaign.Build:
		return fmt.Sprintf("it is of build %s and the campaign of %s: %s", worker.Build, campaign.Build, mix)
	case slices.ContainsFunc(campaign.Lanes, isMixed):
		return "the campaign mixes builds, and it does not: say --mixed to it"
	}
	return "the campaign brings programs that its coordinator has built, and it takes none: say --accept-programs to it, if all who may publish are trusted"
}

func isMixed(l string) bool { return l == lane("", true, false) || l == lane("", true, true) }
