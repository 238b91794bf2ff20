package results

import (
	"bytes"
	"fmt"
	"image/color"
	imagepng "image/png"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// medium is what a figure is drawn on.
type medium interface {
	begin(width, height vg.Length) vg.CanvasSizer
	finish() ([]byte, error)
	// atOnce is how many points are best drawn as one path.
	atOnce() int
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
