package results

import (
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"faultline/checker"
	"faultline/internal/wording"
)

// Suite is a list of cases as a CI system shows them: the runs of a campaign, or those of one part of a comparison.
type Suite struct {
	Name     string
	Settings []Setting
	Cases    []Case
}

// Case is one test: a run, or something else that comes to a verdict.
type Case struct {
	Name     string
	Validity checker.Validity
	Reason   string
	Took     time.Duration // of real time
	Commands []Setting     // that lead on from it, such as replay
	Cause    string        // what in the system led to it; may be empty
	Picture  string        // of what is wrong; may be empty
}

// longestReason bounds what a report says of one case, in runes.
const longestReason = 10_000

// WriteJUnit writes suites to a file in the XML of JUnit, as CI systems read it, and replaces what was there. An invalid
// case is a failure; one that is unknown is an error, as unknown is no pass. There is no schema that all agree on: this is
// what Jenkins, GitLab and the actions for GitHub have in common.
func WriteJUnit(path string, suites ...Suite) error {
	report := junitReport{Name: "faultline"}
	for _, s := range suites {
		suite := junitSuiteOf(s)
		report.Suites = append(report.Suites, suite)
		report.add(suite.junitCounts)
	}
	err := replaceFile(filepath.Dir(path), filepath.Base(path), func(w io.Writer) error {
		if _, err := io.WriteString(w, xml.Header); err != nil {
			return err
		}
		e := xml.NewEncoder(w)
		e.Indent("", "  ")
		if err := e.Encode(report); err != nil {
			return err
		}
		_, err := io.WriteString(w, "\n")
		return err
	})
	if err != nil {
		return fmt.Errorf("write the JUnit report %s: %w", path, hint(err))
	}
	return nil
}

type junitReport struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitCounts struct {
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     junitSeconds `xml:"time,attr"`
}

func (c *junitCounts) add(more junitCounts) {
	c.Tests += more.Tests
	c.Failures += more.Failures
	c.Errors += more.Errors
	c.Time += more.Time
}

// junitSeconds is a duration in seconds.
type junitSeconds time.Duration

// MarshalText implements encoding.TextMarshaler.
func (s junitSeconds) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, time.Duration(s).Seconds(), 'f', 3, 64), nil
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Properties *junitProperties `xml:"properties"` // nil for none: an empty list is not allowed
	Cases      []junitCase      `xml:"testcase"`
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    junitSeconds  `xml:"time,attr"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
}

type junitProblem struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func junitSuiteOf(s Suite) junitSuite {
	suite := junitSuite{Name: s.Name}
	if len(s.Settings) > 0 {
		suite.Properties = &junitProperties{}
	}
	for _, setting := range s.Settings {
		suite.Properties.List = append(suite.Properties.List, junitProperty(setting))
	}
	for i := range s.Cases {
		c := &s.Cases[i]
		test := junitCase{Class: s.Name, Name: c.Name, Time: junitSeconds(c.Took)}
		counts := junitCounts{Tests: 1, Time: test.Time}
		problem := &junitProblem{Type: c.Validity.String(), Message: wording.Line(c.Reason, longestText), Text: c.text()}
		switch c.Validity {
		case checker.Valid:
		case checker.Invalid:
			test.Failure, counts.Failures = problem, 1
		default:
			test.Error, counts.Errors = problem, 1
		}
		suite.Cases = append(suite.Cases, test)
		suite.add(counts)
	}
	return suite
}

// text is all that there is to say of a case that is not valid.
func (c *Case) text() string {
	parts := []string{wording.Line(c.Reason, longestReason)}
	if c.Cause != "" {
		parts = append(parts, "cause: "+wording.Line(c.Cause, longestReason))
	}
	if c.Picture != "" {
		parts = append(parts, strings.TrimRight(c.Picture, "\n"))
	}
	var commands []string
	for _, command := range c.Commands {
		commands = append(commands, command.Name+": "+command.Value)
	}
	if len(commands) > 0 {
		parts = append(parts, strings.Join(commands, "\n"))
	}
	return strings.Join(parts, "\n\n")
}
