package results

import (
	"errors"
	"io"
	"time"

	"gonum.org/v1/plot/vg"

	"faultline/history"
)

// WritePNG writes one picture of a run, with its latencies, its rates and its faults, for those who cannot show a page, such as mail and chat.
func WritePNG(w io.Writer, r *Run) error {
	if r.Untimed {
		return errors.New("the history has no times, so there are no latencies and no rates to draw")
	}
	ops, err := history.Operations(r.History.Events)
	if err != nil {
		return err
	}
	b, err := overview(new(png), ops, history.Faults(r.History.Events), r.Statistics.Duration)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// overview draws latencies above rates, on one axis of time.
func overview(on medium, ops []history.Operation, faults []history.Fault, end time.Duration) ([]byte, error) {
	panels := ratePanels(ops, newBins(end))
	f := newFigure(on, "Latency by time of invocation; operations a second, by time of completion", faults, end,
		latencyPanel+vg.Length(len(panels))*ratePanel)
	f.latencies(ops)
	f.rates(panels)
	return on.finish()
}
