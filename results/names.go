package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"faultline/checker"
	"faultline/internal/wording"
)

// Root is where campaigns and comparisons are kept unless the user says otherwise.
var Root = filepath.Join("results", "runs")

// FindCampaign returns the directory of the campaign, or of the comparison, that a name stands for: one of that name below
// root, the latest there, or the one at that path. A directory of runs that has no record, such as that of a test, counts too.
func FindCampaign(root, name string) (string, error) {
	dir := filepath.Clean(name)
	if below := filepath.Join(root, name); filepath.Base(dir) == dir && exists(below) {
		dir = below
	}
	if to, err := os.Readlink(dir); err == nil && filepath.Base(to) == to { // latest is a link to its neighbour
		dir = filepath.Join(filepath.Dir(dir), to)
	}
	if Holds(dir) == "" && len(runsEnding(dir, "")) == 0 {
		return "", fmt.Errorf("there is no campaign %s in %s%s", filepath.Base(name), root, have(root))
	}
	return dir, nil
}

// FindRun returns the directory of the run that a name stands for. A name is the path of that directory, or it is made of a
// campaign, as for FindCampaign, a colon and a seed: latest:4. In place of the seed may be the end of the name of the directory:
// latest:4-shrunk. A campaign alone stands for its only run. The error is a *NotKept for a run without files.
func FindRun(root, name string) (string, error) {
	if exists(name) && CheckRun(name) == nil {
		return name, nil
	}
	if campaign, run, ok := cutLast(name, ":"); ok && !exists(name) {
		dir, err := FindCampaign(root, campaign)
		if err != nil {
			return "", err
		}
		return findIn(dir, campaign, run)
	}
	dir, err := FindCampaign(root, name)
	if err != nil {
		return "", CheckRun(name)
	}
	return onlyRun(dir, name)
}

// FindRuns returns the directories of the runs that a name stands for: one, as for FindRun, or those of a campaign that were
// kept, in the order of its record.
func FindRuns(root, name string) ([]string, error) {
	if dir, err := FindCampaign(root, name); err == nil && Holds(dir) == "campaign" {
		return keptRuns(dir)
	}
	dir, err := FindRun(root, name)
	if err != nil {
		return nil, err
	}
	return []string{dir}, nil
}

// NotKept is the error for a run of a campaign whose files are not there.
type NotKept struct {
	Campaign string // its directory
	Line     Line
}

func (e *NotKept) Error() string {
	return fmt.Sprintf("the files of seed %d of %s, which is %v, were not kept", e.Line.Seed, filepath.Base(e.Campaign), e.Line.Verdict)
}

// ReadLines reads the record of a campaign. A line that is being written is not read yet.
func ReadLines(dir string) ([]Line, error) {
	path := filepath.Join(dir, RecordFile)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseLines(path, b[:strings.LastIndexByte(string(b), '\n')+1])
}

// findIn finds a run in the directory of a campaign or a comparison, which was named like that.
func findIn(dir, named, run string) (string, error) {
	lines, err := ReadLines(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	seed, err := strconv.ParseUint(run, 10, 64)
	k := slices.IndexFunc(lines, func(l Line) bool { return err == nil && l.Seed == seed })
	if k >= 0 && lines[k].kept(dir) {
		return filepath.Join(dir, lines[k].Dir), nil
	}
	switch found := runsEnding(dir, run); {
	case len(found) == 1:
		return filepath.Join(dir, found[0]), nil
	case len(found) > 1:
		return "", fmt.Errorf("%s:%s may be any of %s", named, run, strings.Join(withPrefix(named+":", found), ", "))
	case k >= 0:
		return "", &NotKept{dir, lines[k]}
	default:
		return "", fmt.Errorf("%s has no run %s%s", named, run, instead(dir, named, lines))
	}
}

// onlyRun is the run of a campaign or a comparison that has no other.
func onlyRun(dir, named string) (string, error) {
	what := Holds(dir)
	if what == "" {
		return "", CheckRun(dir)
	}
	lines, err := ReadLines(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if len(lines) == 1 && lines[0].kept(dir) {
		return filepath.Join(dir, lines[0].Dir), nil
	}
	return "", fmt.Errorf("%s is a %s, and one run is needed%s", named, what, instead(dir, named, lines))
}

// mostNamed is how many runs an error names.
const mostNamed = 12

// instead is the end of an error that names runs in the form to type: those that are invalid, else those that were kept.
func instead(dir, named string, lines []Line) string {
	what, seeds := "its invalid runs are", seedsOf(dir, lines, func(l Line) bool { return l.Verdict == checker.Invalid })
	if len(seeds) == 0 {
		what, seeds = "the runs that were kept are", seedsOf(dir, lines, func(Line) bool { return true })
	}
	if len(lines) == 0 {
		seeds = runsEnding(dir, "")
	}
	if len(seeds) == 0 {
		return "; none of its runs is kept"
	}
	names := withPrefix(named+":", seeds[:min(len(seeds), mostNamed)])
	if more := len(seeds) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %s more", wording.Grouped(more)))
	}
	return "; " + what + " " + strings.Join(names, ", ")
}

// seedsOf are the seeds of runs that are kept and of some kind, in order.
func seedsOf(dir string, lines []Line, is func(Line) bool) []string {
	var seeds []uint64
	for _, l := range lines {
		if is(l) && l.kept(dir) {
			seeds = append(seeds, l.Seed)
		}
	}
	slices.Sort(seeds)
	var texts []string
	for _, seed := range seeds {
		texts = append(texts, strconv.FormatUint(seed, 10))
	}
	return texts
}

// keptRuns are the directories of a campaign's runs.
func keptRuns(dir string) ([]string, error) {
	lines, err := ReadLines(dir)
	if err != nil {
		return nil, fileError(filepath.Join(dir, RecordFile), err)
	}
	var dirs []string
	for _, l := range lines {
		if l.kept(dir) {
			dirs = append(dirs, filepath.Join(dir, l.Dir))
		}
	}
	if len(dirs) == 0 {
		return nil, fmt.Errorf("no run of the campaign %s was kept", dir)
	}
	return dirs, nil
}

// kept reports whether the files of the run are in the campaign's directory.
func (l Line) kept(dir string) bool { return l.Dir != "" && exists(filepath.Join(dir, l.Dir)) }

// runDir matches the name of a run's directory: the time, and the seed and what else tells it from others.
var runDir = regexp.MustCompile(`^\d{8}T\d{6}(?:\.\d+)?Z-(.+)$`)

// runsEnding are the names of runs in a directory that end like that, behind a hyphen; all of them if it is empty.
func runsEnding(dir, end string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && runDir.MatchString(e.Name()) && (end == "" || e.Name() == end || strings.HasSuffix(e.Name(), "-"+end)) {
			names = append(names, e.Name())
		}
	}
	return names
}

// NameOf is the shortest name by which FindRun finds the run in a directory.
func NameOf(root, dir string) string {
	campaign, base := filepath.Dir(dir), filepath.Base(dir)
	short := campaign
	if filepath.Dir(campaign) == filepath.Clean(root) {
		short = filepath.Base(campaign)
	}
	if m := runDir.FindStringSubmatch(base); m != nil {
		if found, err := FindRun(root, short+":"+m[1]); err == nil && found == filepath.Clean(dir) {
			return short + ":" + m[1]
		}
	}
	return dir
}

// have lists a few of the campaigns below root.
func have(root string) string {
	entries, err := os.ReadDir(root)
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && Holds(filepath.Join(root, e.Name())) == "campaign" {
			names = append(names, e.Name())
		}
	}
	if len(names) > 5 {
		names = append(names[:5], "…")
	}
	if len(names) == 0 {
		return ""
	}
	return "; there are " + strings.Join(names, ", ")
}

func withPrefix(prefix string, names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = prefix + name
	}
	return all
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
