package cli

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"faultline/cluster"
)

// acceptJepsen has commands take flags as Jepsen and Maelstrom write them: --nodes and --node for --node-count, and times in
// seconds without a unit. The flags of specFlags do the rest.
func acceptJepsen(root *cobra.Command) {
	root.SetGlobalNormalizationFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if slices.Contains(nodesInJepsen, name) {
			name = "node-count"
		}
		return pflag.NormalizedName(name)
	})
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			if flag.Value.Type() == "duration" {
				flag.Value = seconds{flag.Value}
				flag.DefValue = strings.TrimPrefix(flag.DefValue, "0s") // the help shows no default of nothing
			}
		})
	}
}

// nodesInJepsen are Jepsen's names for --node-count.
var nodesInJepsen = []string{"nodes", "node"}

// seconds is the flag of a duration that takes a number without a unit as seconds.
type seconds struct{ pflag.Value }

func (s seconds) Set(text string) error {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		text += "s"
	}
	return s.Value.Set(text)
}

// nodeCount is the flag of a number of nodes, which may also be given by naming them all.
type nodeCount struct {
	count *int
	names list
}

func (n *nodeCount) String() string { return strconv.Itoa(*n.count) }
func (n *nodeCount) Type() string   { return "nodes" }

func (n *nodeCount) Set(text string) error {
	if count, err := strconv.Atoi(text); err == nil || errors.Is(err, strconv.ErrRange) {
		*n.count = count
		return err
	}
	err := n.names.Set(text)
	if err == nil {
		*n.count, err = countNamed(n.names.names)
	}
	return err
}

// countNamed is the number of nodes that are named. Systems here call theirs n1, n2 and so on.
func countNamed(names []string) (int, error) {
	for _, name := range cluster.NodeNames(len(names)) {
		if !slices.Contains(names, name) {
			return 0, errors.New("nodes are called n1, n2 and so on")
		}
	}
	return len(names), nil
}

// nodeCounts are the numbers of nodes in a list: its numbers, or that of the nodes that it names.
func nodeCounts(l list) ([]int, error) {
	var counts []int
	for _, text := range l.names {
		count, err := strconv.Atoi(text)
		if err != nil {
			count, err := countNamed(l.names)
			return []int{count}, err
		}
		counts = append(counts, count)
	}
	return counts, nil
}

// clients is the flag of a number of clients, which may be given for each node: 2n is twice the number of nodes.
type clients struct {
	count   *int
	perNode int // 0 if the number is that of all
}

func (c *clients) String() string {
	if c.perNode > 0 {
		return strconv.Itoa(c.perNode) + "n"
	}
	return strconv.Itoa(*c.count)
}

func (c *clients) Type() string { return "clients" }

func (c *clients) Set(text string) error {
	factor, each := strings.CutSuffix(text, "n")
	if each && factor == "" {
		factor = "1"
	}
	count, err := strconv.Atoi(factor)
	switch {
	case err != nil:
		return err
	case each && count < 1:
		return errors.New("a node has 1 client or more")
	case each:
		c.perNode = count
	default:
		*c.count, c.perNode = count, 0
	}
	return nil
}
