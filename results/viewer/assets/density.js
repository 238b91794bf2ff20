// Density paints rows of pixels, three for each lane: what was unknown shows in the upper one, what failed in the
// lower one, and what was ok in all where nothing else was. So they can be told apart by place as well as by colour, and
// a single failure among thousands is seen.

const walkAtMost = 6000; // operations of a lane that are looked at one by one for each picture

export class Density {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.counts = new Float32Array(0);
  }

  // begin clears a picture of so many lanes.
  begin(width, lanes) {
    this.width = Math.max(1, width);
    this.canvas.width = this.width;
    this.canvas.height = Math.max(1, 3 * lanes);
    this.image = new ImageData(this.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    if (this.counts.length < 3 * this.width) this.counts = new Float32Array(3 * this.width);
  }

  // lane paints a lane from its pyramid.
  lane(place, pyramid, lane, t0, span, colors) {
    this.counts.fill(0, 0, 3 * this.width);
    const most = pyramid.columns(lane, t0, span / this.width, this.width, this.counts);
    this.paint(place, most, colors);
  }

  // walk paints a lane from its operations, which are few enough: from is the first row in view, and to the one after the last.
  walk(place, data, rows, from, to, keep, t0, span, colors) {
    const { counts, width } = this;
    counts.fill(0, 0, 3 * width);
    const perTime = width / span;
    for (let k = from; k < to; k++) {
      const row = rows[k];
      if (keep && !keep[row]) continue;
      const x0 = Math.max(0, Math.floor((data.invoke[row] - t0) * perTime));
      const x1 = Math.min(width - 1, Math.floor((data.stop(row) - t0) * perTime));
      for (let x = x0; x <= x1; x++) counts[3 * x + data.outcome[row]]++;
    }
    this.paint(place, 1, colors);
  }

  // paint turns counts into three rows of pixels. The more there is of most, the stronger it shows.
  paint(place, most, colors) {
    const { counts, width, pixels } = this;
    const top = 3 * place * width, scale = 1 / Math.log2(1 + most);
    for (let x = 0; x < width; x++) {
      const ok = counts[3 * x], fail = counts[3 * x + 1], info = counts[3 * x + 2];
      const all = ok + fail + info;
      if (all === 0) continue;
      const alpha = Math.min(1, 0.4 + 0.6 * Math.log2(1 + all) * scale);
      const rest = ok > 0 ? withAlpha(colors[0], alpha) : 0;
      pixels[top + x] = info > 0 ? colors[2] : rest;
      pixels[top + width + x] = ok > 0 ? rest : info > 0 ? withAlpha(colors[2], 0.5) : withAlpha(colors[1], 0.5);
      pixels[top + 2 * width + x] = fail > 0 ? colors[1] : rest;
    }
  }

  // end puts the picture onto a canvas.
  end(ctx, x, y, width, height) {
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.canvas, x, y, width, height);
  }
}

function withAlpha(color, alpha) {
  return ((color & 0xffffff) | (Math.round(alpha * 255) << 24)) >>> 0;
}

// walkable tells whether a lane is to be walked through.
export function walkable(rows, pyramid, span) {
  return rows <= walkAtMost || (rows <= 4 * walkAtMost && pyramid.buckets(span) < 400);
}
