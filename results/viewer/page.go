package viewer

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"io/fs"

	"faultline/results/cycle"
)

// WritePage writes the run in a file system's root as one page that works from a disk and without a network. title is what a window
// shows of it.
func WritePage(w io.Writer, fsys fs.FS, title string) error {
	scene, err := ReadScene(fsys)
	if err != nil {
		return err
	}
	analysis, err := Analyze(fsys)
	if err != nil {
		return err
	}
	script, err := bundle(Assets())
	if err != nil {
		return err
	}
	style, err := fs.ReadFile(Assets(), "viewer.css")
	if err != nil {
		return err
	}
	cycleStyle, err := fs.ReadFile(cycle.Assets, "cycle.css")
	if err != nil {
		return err
	}
	packedScene, err := packed(scene)
	if err != nil {
		return err
	}
	packedAnalysis, err := packed(analysis)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, pageFrame, policy(script), html.EscapeString(title), style, cycleStyle, packedScene, packedAnalysis, script)
	return err
}

// pageFrame is the page around its policy, title, style sheets, scene, analysis and script. Base64 is text that an element for
// scripts ends nowhere in, and html/template would escape it.
const pageFrame = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<style>
%s%s</style>
</head>
<body>
<script type="application/octet-stream" id="scene">%s</script>
<script type="application/octet-stream" id="analysis">%s</script>
<script type="module">
%s</script>
</body>
</html>
`

// policy lets our script run and nothing else, and nothing load anything.
func policy(script string) string {
	sum := sha256.Sum256([]byte("\n" + script))
	return fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
}

// packed is a container compressed (raw deflate) and in base64.
func packed(c io.WriterTo) (string, error) {
	var b bytes.Buffer
	encoder := base64.NewEncoder(base64.StdEncoding, &b)
	compressor, err := flate.NewWriter(encoder, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := c.WriteTo(compressor); err != nil {
		return "", err
	}
	if err := compressor.Close(); err != nil {
		return "", err
	}
	if err := encoder.Close(); err != nil {
		return "", err
	}
	return b.String(), nil
}
