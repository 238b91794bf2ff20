package recorded

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"faultline/checker/catalog"
	"faultline/checker/delivery"
	"faultline/history"
	"faultline/internal/wording"
	"faultline/recorded/etcdreport"
)

// CheckAll checks what a name stands for, as Check does. The directory of a report of etcd's robustness tests gets two answers, about its watches
// and about its keys, unless a model says which is wanted.
func CheckAll(ctx context.Context, name string, o Options) ([]*Result, error) {
	if !etcdreport.Is(name) {
		r, err := Check(ctx, name, o)
		return []*Result{r}, err
	}
	report, err := etcdreport.Read(name)
	if err != nil {
		return nil, err
	}
	var all []*Result
	for _, of := range []struct {
		about  string
		models []string
		events func() ([]history.Event, error)
	}{
		{delivery.WatchPart, []string{"watch"}, report.Changes},
		{"registers", []string{"register", "cas-register"}, func() ([]history.Event, error) { return report.Registers(), nil }},
	} {
		if wanted, err := isOf(o.Model, of.models); err != nil {
			return nil, err
		} else if !wanted {
			continue
		}
		events, err := of.events()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if len(events) == 0 {
			continue
		}
		asked := o
		if of.about == delivery.WatchPart {
			asked.Model = of.models[0] // whatever they look like
		}
		r, err := checkEvents(ctx, name+" ("+of.about+")", events, asked)
		if err != nil {
			return nil, err
		}
		if of.about == delivery.WatchPart && report.Skipped > 0 {
			r.Warnings = append(r.Warnings, wording.Count(report.Skipped, "watch")+" of a single key left out")
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: a report of etcd's robustness tests is judged by the models watch, register and cas-register, and this one has nothing for them", name)
	}
	return all, nil
}

// isOf reports whether a model is one of some, or is left open.
func isOf(model string, models []string) (bool, error) {
	if model == "" {
		return true, nil
	}
	e, err := catalog.ByName(model)
	return slices.Contains(models, e.Name), err
}

// checkEvents checks a history that is in memory.
func checkEvents(ctx context.Context, name string, events []history.Event, o Options) (*Result, error) {
	var b bytes.Buffer
	w, err := history.NewWriter(&b, history.Header{})
	for _, e := range events {
		err = cmp.Or(err, w.Write(e))
	}
	if err = cmp.Or(err, w.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r, err := checkInput(&input{ctx: ctx, name: name, size: int64(b.Len()), close: func() {},
		open: func() (io.Reader, error) { return bytes.NewReader(b.Bytes()), nil }}, o)
	if err == nil {
		r.Format = "report of etcd's robustness tests"
	}
	return r, err
}
