package results

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faultline/checker"
)

func TestJUnit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.xml")
	if err := os.WriteFile(path, []byte("of an earlier run"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := WriteJUnit(path,
		Suite{Name: "register-leader", Settings: []Setting{{"read level", "leader"}}, Cases: []Case{
			{Name: "seed 1", Validity: checker.Valid, Reason: "fine", Took: 1500 * time.Millisecond},
			{Name: "seed 2", Validity: checker.Invalid, Reason: `read of 3 saw "4" & more`, Took: 500 * time.Millisecond,
				Commands: []Setting{{"replay", "faultline replay x"}}, Cause: "n3 led from 51.9 s", Picture: "process 1  |--|\n"},
			{Name: "seed 3", Reason: "it is not finished"},
		}},
		Suite{Name: "register-stale", Cases: []Case{{Name: "seed 1", Validity: checker.Valid}}})
	if err != nil {
		t.Fatal(err)
	}
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="faultline" tests="4" failures="1" errors="1" time="2.000">
  <testsuite name="register-leader" tests="3" failures="1" errors="1" time="2.000">
    <properties>
      <property name="read level" value="leader"></property>
    </properties>
    <testcase classname="register-leader" name="seed 1" time="1.500"></testcase>
    <testcase classname="register-leader" name="seed 2" time="0.500">
      <failure type="invalid" message="read of 3 saw &#34;4&#34; &amp; more">read of 3 saw &#34;4&#34; &amp; more&#xA;&#xA;cause: n3 led from 51.9 s&#xA;&#xA;process 1  |--|&#xA;&#xA;replay: faultline replay x</failure>
    </testcase>
    <testcase classname="register-leader" name="seed 3" time="0.000">
      <error type="unknown" message="it is not finished">it is not finished</error>
    </testcase>
  </testsuite>
  <testsuite name="register-stale" tests="1" failures="0" errors="0" time="0.000">
    <testcase classname="register-stale" name="seed 1" time="0.000"></testcase>
  </testsuite>
</testsuites>
`
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}

// Whatever a reason says, the report is XML, and says no more than it should.
func TestJUnitOfHostileReasons(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.xml")
	for _, text := range hostile {
		for _, v := range []checker.Validity{checker.Invalid, checker.Unknown} {
			s := Suite{Name: text, Settings: []Setting{{text, text}}, Cases: []Case{{Name: text, Validity: v, Reason: text,
				Commands: []Setting{{text, text}}, Cause: text, Picture: text}}}
			if err := WriteJUnit(path, s); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := wellFormed(b); err != nil {
				t.Errorf("%.40q: %v", text, err)
			}
			var back junitReport
			if err := xml.Unmarshal(b, &back.Suites); err == nil && len(back.Suites) > 1 {
				t.Errorf("%.40q makes suites of its own", text)
			}
			if strings.Contains(string(b), "<script") {
				t.Errorf("%.40q is an element", text)
			}
		}
	}
}

func TestWhatCannotBeReplaced(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir: "is a directory", filepath.Join(dir, "missing", "report.xml"): "no such file or directory",
	} {
		if err := CanReplace(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := CanReplace(filepath.Join(dir, "report.xml")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}
