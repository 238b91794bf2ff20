package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"faultline/campaign"
	"faultline/checker"
	"faultline/history/stats"
	"faultline/results"
	"faultline/world"
)

// report prints what came of a campaign, for people: the verdict first, the failures with the commands
// that lead to them last.
func report(w io.Writer, c *campaign.Campaign, o *campaign.Outcome) {
	fmt.Fprintf(w, "%s: %s\n\n", headline(w, o.Verdict), counts(o))
	if o.Statistics.Operations() > 0 {
		operations(w, o.Statistics)
		phases(w, o.Statistics)
		fmt.Fprintf(w, "faults        %s\n", faults(o.Statistics))
		if len(o.Coverage) > 0 {
			fmt.Fprintf(w, "coverage      %v\n", o.Coverage)
		}
		fmt.Fprintf(w, "cluster       %s\n", counters(o))
	}
	if o.Opinion.By != "" {
		fmt.Fprintf(w, "checked       %v\n", o.Opinion)
	}
	if o.Virtual > 0 {
		fmt.Fprintf(w, "speed         %.0f virtual seconds per second and core (%.0f s in %.1f s, %d at once)\n",
			o.Speed(), o.Virtual.Seconds(), o.Wall.Seconds(), o.Workers)
	}
	if replay := replayNote(c.Plan(), o); replay != "" {
		fmt.Fprintf(w, "replay        %s\n", replay)
	}
	if note := o.CanaryNote(); note != "" {
		fmt.Fprintf(w, "canary        %s\n", note)
	}
	fmt.Fprintf(w, "summary       %s\n", filepath.Join(c.Dir(), "index.html"))
	failures(w, c, o)
}

func counts(o *campaign.Outcome) string {
	text := fmt.Sprintf("%d of %d runs", len(o.Lines), o.Planned)
	switch {
	case o.Planned == 1 && len(o.Lines) == 1:
		text = "1 run"
	case len(o.Lines) == o.Planned:
		text = fmt.Sprintf("%d runs", o.Planned)
	}
	return text + answers(o.Count)
}

// answers is the part of a sentence that says how often there was which verdict.
func answers(count func(checker.Validity) int) string {
	text := ""
	for _, v := range []checker.Validity{checker.Valid, checker.Invalid, checker.Unknown} {
		if n := count(v); n > 0 {
			text += fmt.Sprintf(", %d %v", n, v)
		}
	}
	return text
}

func operations(w io.Writer, s stats.Statistics) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "operations\tok\tfail\tinfo\tp50\tp99\tmax\t")
	for _, f := range s.Functions {
		l := f.Latency
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%v\t%v\t%v\t\n", f.F, f.OK, f.Fail, f.Info, short(l.P50), short(l.P99), short(l.Max))
	}
	_ = t.Flush() // it fails if w does, and then nobody reads this
	fmt.Fprintln(w)
}

func short(d time.Duration) time.Duration {
	switch {
	case d > time.Second:
		return d.Round(10 * time.Millisecond)
	case d > 10*time.Millisecond:
		return d.Round(100 * time.Microsecond)
	case d > 100*time.Microsecond:
		return d.Round(10 * time.Microsecond)
	default:
		return d
	}
}

func phases(w io.Writer, s stats.Statistics) {
	var parts []string
	for _, p := range s.Phases {
		if p.Invoked > 0 {
			parts = append(parts, fmt.Sprintf("%v %.1f %%", p.Phase, 100*p.Availability))
		}
	}
	fmt.Fprintf(w, "availability  %s\n", strings.Join(parts, ", "))
}

func faults(s stats.Statistics) string {
	var parts []string
	for _, f := range s.Faults {
		parts = append(parts, fmt.Sprintf("%s %d", f.Kind, f.Count))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func counters(o *campaign.Outcome) string {
	var parts []string
	for _, c := range o.Counters {
		parts = append(parts, fmt.Sprintf("%s %d", c.Name, c.Value))
	}
	return strings.Join(parts, ", ")
}

// replayNote says how well the runs can be repeated, unless they all can be exactly.
func replayNote(p campaign.Plan, o *campaign.Outcome) string {
	if p.Spec.Clock == world.Real {
		return "best effort: what happens in real time does not happen twice"
	}
	for _, l := range o.Lines {
		if l.Replay == world.ReplayBestEffort {
			return "best effort: the world could not be pinned, so a replay may differ; with --overlay it need not be"
		}
	}
	return ""
}

// commands lead on from a run that is not valid.
func commands(c *campaign.Campaign, l results.Line) []results.Setting {
	p, dir := c.Plan(), filepath.Join(c.Dir(), l.Dir)
	spec := p.Spec
	spec.Seed = l.Seed
	again := results.Setting{Name: "again", Value: commandLine(spec, p.ScheduleFile)}
	if l.Dir == "" {
		return []results.Setting{again}
	}
	on := func(verb string) results.Setting {
		return results.Setting{Name: verb, Value: program + " " + verb + " " + shellQuote(results.NameOf(results.Root, dir))}
	}
	all := []results.Setting{on("serve"), on("replay")}
	if l.Verdict == checker.Invalid && p.Spec.Clock != world.Real {
		all = append(all, on("shrink"))
	}
	return append(all, again, results.Setting{Name: "open", Value: filepath.Join(dir, "index.html")})
}

// maxFailures is how many failures are spelled out; the summary page has them all.
const maxFailures = 5

func failures(w io.Writer, c *campaign.Campaign, o *campaign.Outcome) {
	shown := 0
	for _, want := range []checker.Validity{checker.Invalid, checker.Unknown} {
		for _, l := range o.Lines {
			if l.Verdict != want {
				continue
			}
			if shown++; shown > maxFailures {
				continue
			}
			fmt.Fprintf(w, "\nseed %d is %s: %s\n", l.Seed, painted(w, l.Verdict, l.Verdict.String()), l.Reason)
			evidence(w, o.Shown[l.Seed])
			for _, command := range commands(c, l) {
				fmt.Fprintf(w, "  %-7s %s\n", command.Name, command.Value)
			}
		}
	}
	if shown > maxFailures {
		fmt.Fprintf(w, "\nFailures beyond these: %d, in the summary.\n", shown-maxFailures)
	}
}
