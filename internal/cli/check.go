package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"faultline/checker"
	"faultline/checker/catalog"
	"faultline/checker/ladder"
	"faultline/history"
	"faultline/internal/wording"
	"faultline/recorded"
)

// checkFlags are those of check.
type checkFlags struct {
	model     string
	options   []string
	models    list
	tuples    string
	order     string
	initial   string
	stale     time.Duration
	timeout   time.Duration
	memory    int
	porcupine secondOpinion
	html      string
	json      bool
}

func newCheck() *cobra.Command {
	f := &checkFlags{}
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check recorded histories, ours or Jepsen's",
		Long: `Check decides whether recorded histories are linearizable, and shows why not. It reads
our own history.jsonl, Jepsen's history.edn, history.txt and jepsen.log, the JSON of
elle-cli, Knossos' and porcupine's test data, plain or compressed with gzip or zstd, and
recognizes them by their content. A directory stands for the history in it, or is a
report of etcd's robustness tests, and - stands for standard input.

With --consistency-models it decides other models: for registers consistency models
weaker than linearizable, for transactions isolation levels, and models of broadcasts
and clocks. A history is valid if it keeps all models that are named.

The model is guessed from all operations and their values, if one fits. The models are
` + strings.Join(catalog.Names(), ", ") + `.
If no model fits, the file is refused, and the error says what its operations look like.

Objects initially hold null, 0 or nothing, unless --initial says otherwise.`,
		Example: `  faultline check latest:4
  faultline check --model cas-register store/latest/history.edn
  faultline check --initial 0 history.edn
  faultline check --initial '{:x 0 :y 1}' history.edn
  faultline check --consistency-models causal,pram history.edn
  faultline check --consistency-models snapshot-isolation --model list-append history.edn
  zcat history.edn.gz | faultline check --json -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("check takes one file or more, or directories of stored runs")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.model, "model", "", "the `model` to check against (default: guessed)")
	flags.StringArrayVar(&f.options, "model-option", nil, "a setting of the model, as `name=value` (repeatable; see 'faultline list models')")
	listVar(flags, &f.models, "consistency-models", "", "models to check, separated by commas, or all (see 'faultline list'); by default registers are linearizable and transactions strict-serializable")
	flags.DurationVar(&f.stale, "staleness", ladder.DefaultStaleness, "how old what a read sees may be under the model bounded-staleness")
	flags.StringVar(&f.tuples, "tuples", string(recorded.TuplesGuessed), "whether values are pairs of a key and a value, as with jepsen.independent: guess, yes, no")
	flags.StringVar(&f.order, "order", "", "what the `order` of events is taken from: index, file or time (default: indexes if there are any, else times if they contradict the lines, else lines)")
	flags.StringVar(&f.initial, "initial", "", "what objects hold at first, as JSON or EDN: a `value`, or a map from keys or registers to values")
	flags.DurationVar(&f.timeout, "check-timeout", time.Minute, "how long the checker may take for a file")
	flags.IntVar(&f.memory, "memory", int(checker.DefaultMemory>>20), "how much memory searches may take, in MiB")
	f.porcupine.register(flags)
	flags.StringVar(&f.html, "html", "", "the `directory` to write pages to: verdict, plots of latency and rate, and the viewer")
	flags.BoolVar(&f.json, "json", false, "print a JSON object for each file")
	for name, values := range map[string][]string{"model": catalog.Names(), "tuples": tuples, "order": orders(), "consistency-models": append(catalog.ConsistencyModels(), "all")} {
		// It fails only for a flag that does not exist.
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	}
	return cmd
}

var tuples = []string{string(recorded.TuplesGuessed), string(recorded.TuplesAlways), string(recorded.TuplesNever)}

// orders are the values of --order.
func orders() []string {
	return []string{history.ByIndex.String(), history.ByFile.String(), history.ByTime.String()}
}

// orderOf is the order of that name; the guessed one of none.
func orderOf(name string) history.Order {
	for _, o := range []history.Order{history.ByIndex, history.ByFile, history.ByTime} {
		if o.String() == name {
			return o
		}
	}
	return history.OrderGuessed
}

// fit refuses flags that are about linearizable where other models are asked for, and the other way round.
func (f *checkFlags) fit(given func(flag string) bool) error {
	switch models := f.models.given; {
	case models && given("model") && !f.transactions():
		return errors.New("--consistency-models are those of registers and transactions, and --model is what linearizable means: say one of the two")
	case models && given("model-option"):
		return errors.New("--model-option is a setting of what --model names, and --consistency-models have none: say one of the two")
	case models && given("porcupine"):
		return errors.New("--porcupine is about linearizable, and not asked where there are --consistency-models: say one of the two")
	case !models && given("staleness"):
		return errors.New("--staleness is the bound of a consistency model: add --consistency-models bounded-staleness")
	}
	return nil
}

// transactions reports whether --model names transactions, which are held to levels of isolation.
func (f *checkFlags) transactions() bool {
	e, err := catalog.ByName(f.model)
	return err == nil && e.Levels != nil
}

func (f *checkFlags) validate() error {
	if f.model != "" {
		if err := f.fitModel(); err != nil {
			return err
		}
	}
	switch {
	case f.stale <= 0:
		return fmt.Errorf("staleness %v: give more than 0", f.stale)
	case !slices.Contains(tuples, f.tuples):
		return fmt.Errorf("--tuples %s: give guess, yes or no", f.tuples)
	case f.order != "" && !slices.Contains(orders(), f.order):
		return fmt.Errorf("--order %s: give index, file or time", f.order)
	case f.timeout <= 0:
		return fmt.Errorf("check timeout %v: give more than 0", f.timeout)
	case f.memory < 1:
		return fmt.Errorf("memory %d: give 1 MiB or more", f.memory)
	}
	return nil
}

// fitModel refuses a model that there is not, and flags that it does not take.
func (f *checkFlags) fitModel() error {
	e, err := catalog.ByName(f.model)
	if err != nil {
		if catalog.KnownConsistencyModel(f.model) == nil {
			err = fmt.Errorf("%w; the consistency model of that name is asked for by --consistency-models", err)
		}
		return err
	}
	if _, err := e.Settings(f.options); err != nil {
		return err
	}
	if f.porcupine.SecondOpinion == checker.FullSecondOpinion && e.Linear == nil {
		return fmt.Errorf("porcupine does not decide the model %s, which is not about linearizability: leave --porcupine out", e.Name)
	}
	return nil
}

// beginning is what --initial says.
func (f *checkFlags) beginning() (checker.Initial, error) {
	if f.initial == "" {
		return checker.Initial{}, nil
	}
	i, err := checker.ParseInitial(f.initial)
	if err != nil {
		return i, fmt.Errorf("--initial: %w; give a value such as 0, or a map such as '{:x 0 :y 0}'", err)
	}
	return i, nil
}

// run checks the files one after the other. A file that cannot be read ends it, as what follows may be a
// mistake as well; what was decided before is printed by then.
func (f *checkFlags) run(cmd *cobra.Command, files []string) error {
	if err := cmp.Or(f.fit(cmd.Flags().Changed), f.validate(), f.onlyOne(files)); err != nil {
		return err
	}
	for _, name := range f.models.names {
		if err := catalog.KnownConsistencyModel(name); err != nil {
			return err
		}
	}
	initial, err := f.beginning()
	if err != nil {
		return err
	}
	screen := newScreen(cmd.ErrOrStderr())
	f.limitMemory(0)
	progress := func(p recorded.Progress) {
		f.limitMemory(p.Remembered)
		screen.reading(p)
	}
	o := recorded.Options{Model: f.model, ModelOptions: f.options, Keep: f.html != "", Tuples: recorded.Tuples(f.tuples), Order: orderOf(f.order), Progress: progress, ConsistencyModels: f.models.names, Staleness: f.stale,
		Check: checker.Options{Timeout: f.timeout, Memory: int64(f.memory) << 20, Initial: initial, SecondOpinion: f.porcupine.SecondOpinion}}
	var answers []checker.Validity
	disputed := 0
	for _, file := range files {
		path, err := historyPath(file)
		if err != nil {
			return err
		}
		all, err := recorded.CheckAll(cmd.Context(), path, o)
		screen.clear()
		switch {
		case ended(cmd, err):
			return &interrupted{next: commandAgain(cmd, files)}
		case errors.Is(err, catalog.ErrAmbiguous):
			return fmt.Errorf("%w with --model", err)
		case err != nil:
			return err
		case f.html != "" && len(all) > 1:
			return fmt.Errorf("--html %s takes one answer, and there are %d: name a model with --model", f.html, len(all))
		}
		for _, r := range all {
			answers = append(answers, r.Verdict.Validity)
			if r.Verdict.Disputed() {
				disputed++
			}
			if err := f.show(cmd, file, r); err != nil {
				return err
			}
		}
	}
	if disputed > 0 {
		return &failure{fmt.Errorf("two checkers disagree about %s", wording.Count(disputed, "file"))}
	}
	return verdict(checker.Merge(answers...))
}

// show writes what came of a file where it is wanted.
func (f *checkFlags) show(cmd *cobra.Command, file string, r *recorded.Result) error {
	if f.html != "" {
		if err := f.writeHTML(cmd, file, r); err != nil {
			return err
		}
	}
	if err := f.print(cmd.OutOrStdout(), r); err != nil {
		return &failure{err}
	}
	return nil
}

func (f *checkFlags) print(w io.Writer, r *recorded.Result) error {
	if f.json {
		return json.NewEncoder(w).Encode(r)
	}
	part := r.Verdict.Parts[0]
	fmt.Fprintf(w, "%s: %s: %s\n", r.File, headline(w, r.Verdict.Validity), r.Verdict.Reason)
	fmt.Fprintf(w, "  history     %s, %s\n", r.Format, described(r, part))
	for _, warning := range r.Warnings {
		fmt.Fprintf(w, "  warning     %s\n", warning)
	}
	for _, advice := range f.larger(part) {
		fmt.Fprintf(w, "  bound       %s\n", advice)
	}
	if f.html != "" {
		fmt.Fprintf(w, "  open        %s\n", filepath.Join(f.html, "index.html"))
	}
	if len(r.Consistency) > 0 {
		tell(w, part)
		consistency(w, r.Consistency)
		return nil
	}
	fmt.Fprintf(w, "  model       %s\n", model(r, part))
	fmt.Fprintf(w, "  judged      %s\n", judged(r))
	if part.Opinion != nil {
		fmt.Fprintf(w, "  checked     %v\n", part.Opinion)
	}
	fmt.Fprintf(w, "  operations  %s\n", functions(r))
	tell(w, part)
	for _, f := range part.Findings {
		explain(w, part, f, part.Objects > 1 || len(part.Findings) > 1)
	}
	return nil
}

func described(r *recorded.Result, part checker.Part) string {
	text := wording.Count(part.Operations, "operation")
	if part.Objects > 1 {
		text += " on " + wording.Count(part.Objects, "key")
	}
	if r.Tuples {
		text += ", values read as pairs of key and value"
	}
	return text
}

func model(r *recorded.Result, part checker.Part) string {
	text := r.Model
	if r.Guessed != "" {
		text += ", as " + r.Guessed
	}
	if part.Stage != "" {
		text += "; decided by " + part.Stage
	}
	return text
}

// judged says what the verdict is about, and what it is not.
func judged(r *recorded.Result) string {
	if r.Unjudged == "" {
		return r.Judged
	}
	return r.Judged + "; not " + r.Unjudged
}

func functions(r *recorded.Result) string {
	var parts []string
	for _, f := range r.Functions {
		text := fmt.Sprintf("%s %d ok, %d fail, %d info", f.F, f.OK, f.Fail, f.Info)
		if r.Timed && f.OK > 0 {
			text += fmt.Sprintf(", p50 %v, p99 %v", short(f.Latency.P50), short(f.Latency.P99))
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// explain shows a finding of a part; if there are others, with what it is about.
func explain(w io.Writer, part checker.Part, f checker.Finding, named bool) {
	if named {
		about := f.Rule
		switch {
		case part.Objects > 0 && f.On != "":
			about = "key " + f.On
		case f.On != "":
			about += " on " + f.On
		}
		fmt.Fprintf(w, "\n  %s is %v: %v\n", about, f.Validity, f)
	}
	evidence(w, f)
}

// evidence shows what in the system led to a finding, if that is known, and its operations.
func evidence(w io.Writer, f checker.Finding) {
	if f.Cause != "" {
		fmt.Fprintf(w, "  cause   %s\n", f.Cause)
	}
	picture(w, f.Picture)
}

// picture shows operations that cannot be ordered, if there are any.
func picture(w io.Writer, text string) {
	if text == "" {
		return
	}
	fmt.Fprintln(w)
	for line := range strings.Lines(text) {
		fmt.Fprintf(w, "    %s", line)
	}
	fmt.Fprintln(w)
}
