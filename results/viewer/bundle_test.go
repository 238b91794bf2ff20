package viewer_test

import (
	"bytes"
	"io/fs"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"faultline/results/viewer"
)

// The bundle needs no parser because modules keep to a few rules.
func TestModulesCanBeBundled(t *testing.T) {
	declared := map[string]string{}
	declaration := regexp.MustCompile(`(?m)^(?:export )?(?:async )?(?:function|const|let|var|class) (\w+)`)
	allowed := regexp.MustCompile(`(?m)^import \{ \w+(, \w+)* \} from "\./[a-z]+\.js";$`)
	names, err := fs.Glob(viewer.Assets(), "*.js")
	if err != nil || len(names) < 20 {
		t.Fatalf("modules %v, %v", names, err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(viewer.Assets(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declaration.FindAllSubmatch(b, -1) {
			if other := declared[string(m[1])]; other != "" {
				t.Errorf("%s and %s both declare %s", other, name, m[1])
			}
			declared[string(m[1])] = name
		}
		imports := strings.Count(string(b), "\nimport ") + strings.Count(string(b)[:min(7, len(b))], "import ")
		if n := len(allowed.FindAll(b, -1)); n != imports {
			t.Errorf("%s has %d imports, of which %d are as they should be", name, imports, n)
		}
		for _, word := range []string{"export default", "export {", "import * ", "import(", "innerHTML", "</script", "<!--", "eval("} {
			if i := strings.Index(string(b), word); i >= 0 && !strings.Contains(lineAt(b, i), "//") {
				t.Errorf("%s: %s", name, lineAt(b, i))
			}
		}
	}
}

func lineAt(b []byte, i int) string {
	begin := bytes.LastIndexByte(b[:i], '\n') + 1
	end := bytes.IndexByte(b[i:], '\n')
	return string(b[begin : i+max(end, 0)])
}

// Text is readable: its contrast is 4.5 or more in both themes (WCAG 2.1, level AA).
func TestContrast(t *testing.T) {
	b, err := fs.ReadFile(viewer.Assets(), "viewer.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?s)color-scheme: (light|dark);(.*?)\}`).FindAllSubmatch(b, -1)
	if len(blocks) != 3 {
		t.Fatalf("%d themes", len(blocks))
	}
	colors := map[string]string{}
	for _, block := range blocks {
		for _, m := range regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6})`).FindAllSubmatch(block[2], -1) {
			colors[string(m[1])] = string(m[2])
		}
		for _, ground := range []string{"paper", "card"} {
			for _, text := range []string{"ink", "faint", "link", "valid", "invalid", "unknown", "mark", "ww", "wr", "rw"} {
				if c := contrast(t, colors[text], colors[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", block[1], text, ground, c)
				}
			}
		}
		for _, ground := range []string{"ok", "info", "fail"} {
			if c := contrast(t, colors["on-bar"], colors[ground]); c < 4.5 {
				t.Errorf("%s: text on %s has a contrast of %.2f", block[1], ground, c)
			}
		}
		if c := contrast(t, colors["paper"], colors["leader"]); c < 4.5 {
			t.Errorf("%s: text on a leader has a contrast of %.2f", block[1], c)
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	bright := []float64{luminance(t, a), luminance(t, b)}
	slices.Sort(bright)
	return (bright[1] + 0.05) / (bright[0] + 0.05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	if len(color) != 7 {
		t.Fatalf("the color %q", color)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		var n int
		for _, c := range color[1+2*i : 3+2*i] {
			n = 16*n + strings.IndexRune("0123456789abcdef", c)
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			sum += weight * v / 12.92
		} else {
			sum += weight * math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return sum
}
