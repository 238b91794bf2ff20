import { Frame } from "./frame.js";
import { paintAxis, paintFaults, paintShade } from "./paintaxis.js";
import { paintNodes } from "./paintnodes.js";
import { paintMessages } from "./paintmessages.js";
import { paintInvolved } from "./paintinvolved.js";
import { paintLanes, paintSelection } from "./paintlanes.js";
import { paintOrder } from "./paintorder.js";
import { paintLatency, paintRate } from "./paintplots.js";
import { layout } from "./layout.js";

// fit gives a canvas as many pixels as it takes on the screen, and returns its size in CSS pixels.
export function fit(canvas) {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
  return { width, height, scale };
}

// paint draws the whole picture and returns its frame, for whoever asks what is where.
export function paint(canvas, scene, state, theme, pointer) {
  const { width, height, scale } = fit(canvas);
  const ctx = canvas.getContext("2d");
  const l = layout(scene, state, width, height);
  state.scroll = Math.max(0, Math.min(state.scroll, l.lanes.content - l.lanes.height));
  const frame = new Frame(ctx, scene, state, l, theme, scale);
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, width, height);
  paintAxis(frame);
  paintShade(frame);
  paintLanes(frame);
  paintFaults(frame);
  paintNodes(frame);
  paintMessages(frame);
  paintInvolved(frame);
  paintOrder(frame);
  paintSelection(frame);
  if (state.plots) {
    paintRate(frame);
    paintLatency(frame);
  }
  if (pointer !== null && pointer >= l.left && pointer <= frame.right) {
    ctx.fillStyle = theme.faint;
    ctx.globalAlpha = 0.6;
    ctx.fillRect(pointer, 0, 1, height);
    ctx.globalAlpha = 1;
  }
  return frame;
}
