package viewer

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

//go:embed assets
var embedded embed.FS

// Assets are the modules and the style sheet, for a server to hand out. The page starts with main.js.
func Assets() fs.FS {
	sub, err := fs.Sub(embedded, "assets")
	if err != nil {
		panic(err) // the directory is embedded
	}
	return sub
}

// What the modules use of the language of modules is this and no more, so that a bundle of them needs no parser: imports of names
// from neighbours, at the start of a line and on one, and exports of declarations. Names at the top are unique among all modules; a test holds
// them to it.
var (
	importLine = regexp.MustCompile(`(?m)^import \{ \w+(?:, \w+)* \} from "\./([a-z]+\.js)";\n`)
	exportWord = regexp.MustCompile(`(?m)^export `)
)

// bundle is one module that does what main.js does, without imports.
func bundle(assets fs.FS) (string, error) {
	var out strings.Builder
	done := map[string]bool{}
	if err := bundleModule(assets, "main.js", done, &out); err != nil {
		return "", err
	}
	return out.String(), nil
}

// bundleModule writes a module behind those that it imports.
func bundleModule(assets fs.FS, name string, done map[string]bool, out *strings.Builder) error {
	if done[name] {
		return nil
	}
	done[name] = true
	b, err := fs.ReadFile(assets, name)
	if err != nil {
		return fmt.Errorf("bundle the viewer: %w", err)
	}
	for _, match := range importLine.FindAllSubmatch(b, -1) {
		if err := bundleModule(assets, string(match[1]), done, out); err != nil {
			return err
		}
	}
	body := importLine.ReplaceAllString(string(b), "")
	fmt.Fprintf(out, "// %s\n%s", name, exportWord.ReplaceAllString(body, ""))
	return nil
}
