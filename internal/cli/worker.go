package cli

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"faultline/campaign/remote"
	"faultline/campaign/trial"
	"faultline/checker"
	"faultline/world"
)

// workerFlags are those of worker.
type workerFlags struct {
	natsFlags
	name     string
	workers  int
	memory   int
	programs bool
}

func newWorker() *cobra.Command {
	f := &workerFlags{}
	cmd := &cobra.Command{
		Use:   "worker --nats URL",
		Short: "Run trials of campaigns on other machines",
		Long: `Worker takes trials of campaigns from a NATS server with JetStream, runs them on this
machine, and hands back what came of them, until it is interrupted. Campaigns are those of
'faultline run --nats URL' and of the other commands that have --nats.

A worker only runs trials of its own build: all machines must have the same file, or
both sides say --mixed. It runs no program from the network unless it has
--accept-programs: the coordinator builds stores that are separate programs, and worlds
with the overlay, once. Then anyone who may publish on the server can run programs here.

A worker may be killed at any time. Another then repeats its unfinished trials.`,
		Example: `  faultline worker --nats nats://10.0.0.1:4222
  faultline worker --nats tls://nats.example.org --nats-creds worker.creds --workers 8`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.registerNATS(flags, "the `URL` of the NATS server, which has JetStream")
	flags.IntVar(&f.workers, "workers", 0, "worlds at once (default: one on each core)")
	flags.IntVar(&f.memory, "memory", defaultMemory, "how large a world may grow, in MiB, if its campaign does not allow less")
	flags.StringVar(&f.name, "name", "", "what the worker is called (default: the machine's name and the process)")
	flags.BoolVar(&f.programs, "accept-programs", false, "run programs too that coordinators have built; everybody who may publish must be trusted")
	return cmd
}

func (f *workerFlags) run(cmd *cobra.Command) error {
	bounds, err := f.validate()
	if err != nil {
		return err
	}
	stderr := &lines{w: cmd.ErrOrStderr()}
	q, err := connect(cmd.Context(), f.server, stderr)
	if err != nil {
		return err
	}
	stderr.tell(fmt.Sprintf("worker %s of build %s takes %d at once from %s", f.name, trial.Build(), f.workers, q.Where()))
	err = remote.Work(cmd.Context(), q, remote.WorkerOptions{Name: f.name, Slots: f.workers, Bounds: bounds, Mixed: f.mixed, Programs: f.programs,
		Tell: stderr.tell, Runner: localRunner})
	closed := q.Close()
	var refused *remote.RefusedError
	switch {
	case errors.As(err, &refused):
		return refused
	case err != nil:
		return &failure{errors.Join(err, closed)}
	}
	return nil // it was interrupted, as workers are
}

// validate reports what is wrong with the flags, and fills in what they leave out.
func (f *workerFlags) validate() (world.Bounds, error) {
	switch {
	case f.server.URL == "":
		return world.Bounds{}, errors.New("--nats is missing: say where the NATS server is, such as --nats nats://10.0.0.1:4222")
	case f.embedded():
		return world.Bounds{}, fmt.Errorf("--nats %s: a worker needs a server that others can reach; give its URL", f.server.URL)
	case f.workers < 0:
		return world.Bounds{}, fmt.Errorf("workers %d: give 1 or more, or 0 for one on each core", f.workers)
	}
	if f.workers == 0 {
		f.workers = runtime.GOMAXPROCS(0)
	}
	if f.name == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "worker"
		}
		f.name = fmt.Sprintf("%s-%d", host, os.Getpid())
	}
	if err := f.validateNATS(); err != nil {
		return world.Bounds{}, err
	}
	return bounds(f.memory)
}

// localRunner runs trials in processes of this machine.
func localRunner(b world.Bounds, check checker.Options) trial.Runner {
	return trial.Local{Bounds: b, Check: check}
}
