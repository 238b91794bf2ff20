package results

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	imagepng "image/png"
	"math"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// medium is what a figure is drawn on.
type medium interface {
	begin(width, height vg.Length) vg.CanvasSizer
	finish() ([]byte, error)
	// atOnce is how many points are best drawn as one path.
	atOnce() int
}

// svg is a medium for pages: text is in the colour of whoever shows it, light or dark, and in a font that is there.
type svg struct{ canvas *vgsvg.Canvas }

func (m *svg) begin(width, height vg.Length) vg.CanvasSizer {
	m.canvas = vgsvg.New(width, height)
	return m.canvas
}

// atOnce is all of them: a path for each point would take ten times the bytes.
func (m *svg) atOnce() int { return math.MaxInt }

var fontFamily = regexp.MustCompile(`font-family:[^;"]*`)

func (m *svg) finish() ([]byte, error) {
	var b bytes.Buffer
	if _, err := m.canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	const inkName = "#010203"
	text := strings.ReplaceAll(b.String(), inkName, "currentColor")
	text = fontFamily.ReplaceAllString(text, "font-family:Liberation Sans,Arial,Helvetica,sans-serif")
	const style = "<style>svg{color:#222}@media(prefers-color-scheme:dark){svg{color:#ddd}}</style>\n"
	head, rest, ok := strings.Cut(text, ">\n<g")
	if !ok {
		return nil, errors.New("draw: gonum/plot writes SVG in a form that is not known")
	}
	return []byte(head + ">\n" + style + "<g" + rest), nil
}

// png is a medium for those who cannot show the other one.
type png struct{ canvas *vgimg.Canvas }

const dotsPerInch = 96 // 1200 across

func (m *png) begin(width, height vg.Length) vg.CanvasSizer {
	m.canvas = vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dotsPerInch), vgimg.UseBackgroundColor(color.White))
	return m.canvas
}

// atOnce is few: the rasterizer goes through all that a path has in a line of the image for each pixel that it adds there.
func (m *png) atOnce() int { return 50 }

func (m *png) finish() ([]byte, error) {
	var b bytes.Buffer
	encoder := imagepng.Encoder{CompressionLevel: imagepng.BestSpeed}
	if err := encoder.Encode(&b, m.canvas.Image()); err != nil {
		return nil, fmt.Errorf("draw: %w", err)
	}
	return b.Bytes(), nil
}
