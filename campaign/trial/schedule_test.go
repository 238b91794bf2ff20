package trial

import (
	"os"
	"path/filepath"
	"testing"
)

// A schedule in a file is checked before anything is run; the error says where it is wrong.
func TestReadSchedule(t *testing.T) {
	path := filepath.Join(t.TempDir(), "faults.txt")
	tests := []struct{ text, want string }{
		{"1s crash n1 # and nothing else\n\n2s restart n1\n", ""},
		{"1s crash n1\n2s restrat n1\n", path + `: line 2, column 4: unknown verb "restrat"; did you mean restart?`},
		{"1 crash n1\n", path + ": line 1, column 1: the time 1 has no unit; did you mean 1s?"},
		{"1s crash n1\n2s crash n1\n", path + ": line 2, column 10: n1 is certainly down here, and crash is for a node that is running or paused"},
		{"2s crash n1\n1s restart n1\n", path + ": line 2, column 1: 1s is earlier than 2s before it; events stand in order of time"},
		{"3s crash n1\n4s restart n1\n", path + `: "4s restart n1" comes when the test is over: its time limit is 4s`},
	}
	for _, tt := range tests {
		if err := os.WriteFile(path, []byte(tt.text), 0o644); err != nil {
			t.Fatal(err)
		}
		text, err := ReadSchedule(path, quick)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want || err == nil && text != tt.text {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
	if _, err := ReadSchedule(path+".none", quick); err == nil || err.Error() != "read the schedule: open "+path+".none: no such file or directory" {
		t.Errorf("got %v", err)
	}
}
