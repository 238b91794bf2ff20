// Frame is what painting one picture needs: where a time is, which colours hold, and what is where.
export class Frame {
  constructor(ctx, scene, state, layout, theme, scale) {
    Object.assign(this, { ctx, scene, data: scene.data, state, layout, theme, scale });
    this.span = state.t1 - state.t0;
    this.perTime = layout.plot / this.span;
    this.right = layout.left + layout.plot;
  }

  x(time) {
    return this.layout.left + (time - this.state.t0) * this.perTime;
  }

  time(x) {
    return this.state.t0 + (x - this.layout.left) / this.perTime;
  }

  // clip paints within a part of the plot.
  clip(top, height, paint) {
    this.ctx.save();
    this.ctx.beginPath();
    this.ctx.rect(this.layout.left, top, this.layout.plot, height);
    this.ctx.clip();
    paint();
    this.ctx.restore();
  }

  // label writes into the column on the left, cut off where that ends.
  label(text, y, color = this.theme.ink, font = '12px system-ui, "Liberation Sans", Arial, sans-serif') {
    const { ctx } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(0, y - 9, this.layout.left - 6, 18);
    ctx.clip();
    ctx.font = font;
    ctx.fillStyle = color;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(text.slice(0, 40), 10, y);
    ctx.restore();
  }

  text(text, x, y, color, font, align = "left") {
    const { ctx } = this;
    ctx.font = font;
    ctx.fillStyle = color;
    ctx.textAlign = align;
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y);
  }
}
