import { laneTop } from "./paintlanes.js";

const mostNumbers = 400;

// paintOrder draws the linearization of a key: the point of each operation, its number, and a line from one to the next.
export function paintOrder(frame) {
  const { ctx, layout, scene, state, theme } = frame;
  if (state.linearization === null) return;
  const lanes = scene.lanes(state.lanes);
  const seen = scene.orderOf(state.linearization).filter((r) => r.point >= state.t0 && r.point <= state.t1);
  const h = layout.lanes.rowHeight;
  frame.clip(layout.lanes.top, layout.lanes.height, () => {
    ctx.strokeStyle = theme.mark;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (const [i, r] of seen.entries()) {
      const x = frame.x(r.point), y = laneTop(layout, state, lanes.laneOf[r.row]) + h / 2;
      if (i === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    ctx.globalAlpha = seen.length > mostNumbers ? 0.3 : 0.8;
    ctx.stroke();
    ctx.globalAlpha = 1;
    if (seen.length > mostNumbers) return;
    for (const r of seen) paintPoint(frame, frame.x(r.point), laneTop(layout, state, lanes.laneOf[r.row]) + h / 2, r.place, seen.length);
  });
}

function paintPoint(frame, x, y, place, all) {
  const { ctx, theme, layout } = frame;
  ctx.fillStyle = theme.mark;
  ctx.beginPath();
  ctx.arc(x, y, 4, 0, 2 * Math.PI);
  ctx.fill();
  if (all > layout.plot / 34) return;
  const text = String(place), width = text.length * 6.5 + 4;
  ctx.fillStyle = theme.paper;
  ctx.fillRect(x + 5, y - 6, width, 12);
  frame.text(text, x + 7, y + 0.5, theme.ink, "600 10px ui-monospace, monospace");
}
