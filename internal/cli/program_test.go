package cli

import "testing"

// Commands that are printed begin with what starts the program again, in the shell in which it was started.
func TestHowTheProgramIsStartedAgain(t *testing.T) {
	const mine, cached = "/home/me/store", "/home/me/.cache/go-build/73/7390-d/store"
	tests := []struct {
		how   string
		start start
		want  string
	}{
		{"found by the shell", start{word: "faultline", executable: "/usr/bin/faultline"}, "faultline"},
		{"found by the shell of Windows", start{word: "faultline.exe", executable: `C:\bin\faultline.exe`}, "faultline"},
		{"a path", start{word: "./bin/faultline", executable: mine + "/bin/faultline"}, "./bin/faultline"},
		{"a path with a space", start{word: "/my tools/faultline"}, "'/my tools/faultline'"},
		{"go run", start{"/tmp/go-build12/b001/exe/store", "/tmp/go-build12/b001/exe/store", mine, mine + "/cmd/store/main.go", "store/cmd/store"},
			"go run ./cmd/store"},
		{"go run again, from the cache", start{cached, cached, mine, mine + "/cmd/store/main.go", "store/cmd/store"}, "go run ./cmd/store"},
		{"go run in the directory", start{cached, cached, mine, mine + "/main.go", "store"}, "go run ."},
		{"go run elsewhere in the module", start{cached, cached, mine + "/testdata", mine + "/main.go", "store"}, "go run .."},
		{"go run of a file", start{cached, cached, mine, mine + "/cmd/store/main.go", "command-line-arguments"}, "go run ./cmd/store/main.go"},
		{"go run -trimpath", start{cached, cached, mine, "store/cmd/store/main.go", "store/cmd/store"}, "go run store/cmd/store"},
	}
	for _, tt := range tests {
		if got := tt.start.again(); got != tt.want {
			t.Errorf("%s: %s, not %s", tt.how, got, tt.want)
		}
	}
}
