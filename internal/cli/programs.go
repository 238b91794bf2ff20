package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"faultline/campaign"
	"faultline/campaign/replay"
	"faultline/world"
)

// withPrograms is a spec with the programs that its worlds run, which are built first if its system needs any. Progress goes to
// standard error. The errors, such as one of a compiler, are the user's to mend.
func withPrograms(cmd *cobra.Command, s world.Spec) (world.Spec, error) {
	built, err := s.Built(cmd.Context(), cmd.ErrOrStderr())
	if ended(cmd, err) {
		return s, &interrupted{what: " while programs were built", next: commandAgain(cmd, cmd.Flags().Args())}
	}
	return built, err
}

// openRun opens a stored run, by its name, to run its world again, with the programs that the world needs. Schedule is a file of
// faults that takes the place of the stored ones; empty for these.
func openRun(cmd *cobra.Command, name, schedule string) (*replay.Run, error) {
	dir, err := runDir(name)
	if err != nil {
		return nil, err
	}
	run, err := replay.Open(dir, schedule)
	if err != nil {
		return nil, err
	}
	run.Input.Spec, err = withPrograms(cmd, run.Input.Spec)
	return run, err
}

// sameProgramsAs sees to it that a campaign goes on with the programs that it began with.
func sameProgramsAs(cmd *cobra.Command, c *campaign.Campaign) error {
	planned := c.Plan().Spec
	if planned.HasPrograms() {
		return nil
	}
	now, err := withPrograms(cmd, planned)
	if err != nil {
		return err
	}
	if differences := now.Differs(planned); len(differences) > 0 {
		return fmt.Errorf("the programs of the campaign are gone, and built again they are others: %s; run another campaign", strings.Join(differences, "; "))
	}
	return nil
}
