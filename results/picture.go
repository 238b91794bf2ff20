package results

import (
	"errors"
	"io"

	"gonum.org/v1/plot/vg"
)

// WritePNG writes one picture of a run, with its latencies, its rates and its faults, for those who cannot show a page, such as mail and chat.
func WritePNG(w io.Writer, r *Run) error {
	if r.Untimed {
		return errors.New("the history has no times, so there are no latencies and no rates to draw")
	}
	b, err := overview(new(png), sketchOf(r))
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// overview draws latencies above rates, on one axis of time.
func overview(on medium, s *sketch) ([]byte, error) {
	f := newFigure(on, "Latency by time of invocation; operations a second, by time of completion", s.faults, s.end,
		latencyPanel+vg.Length(len(s.panels))*ratePanel)
	if err := f.latencies(s); err != nil {
		return nil, err
	}
	f.rates(s.panels)
	return on.finish()
}
