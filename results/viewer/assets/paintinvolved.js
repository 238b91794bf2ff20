import { drawBar, outline } from "./bars.js";
import { visible } from "./format.js";
import { smallFont, smallWidth } from "./theme.js";

// stepsShown are the steps of the attempt that is stepped through, as far as it has come.
export function stepsShown(scene, state) {
  const attempts = scene.attempts[state.violation];
  if (!attempts || state.step < 0) return [];
  return (attempts.orders[state.attempt] || []).slice(0, state.step);
}

const setBack = 0.3;

// paintInvolved draws a line for each operation of the violation, above the lanes: they are seldom in neighbouring ones. Of a cycle it
// draws the arrow that one looks at too.
export function paintInvolved(frame) {
  const { ctx, layout, scene, state, theme } = frame;
  const rows = scene.involvedRows(state);
  const steps = stepsShown(scene, state);
  const arrow = scene.arrow(state);
  rows.forEach((o, i) => {
    const y = involvedTop(layout, i) + 3, h = layout.involved.rowHeight - 6;
    ctx.globalAlpha = arrow && o.position !== arrow.from && o.position !== arrow.to ? setBack : 1;
    frame.label(`process ${frame.data.process[o.row]}`, y + h / 2, theme.invalid, "600 12px system-ui, sans-serif");
    frame.clip(layout.involved.top, layout.involved.height, () => {
      drawBar(frame, o.row, y, h, o.pending);
      outline(frame, o.row, y, h, theme.invalid, 2);
      caption(frame, o, y + h / 2);
      const place = steps.findIndex((s) => s.row === o.row);
      if (place >= 0) badge(frame, o.row, y + h / 2, place + 1);
    });
    ctx.globalAlpha = 1;
  });
  if (arrow) paintStep(frame, rows, arrow);
}

function involvedTop(layout, i) {
  return layout.involved.top + i * layout.involved.rowHeight;
}

// paintStep is an arrow that leads from the bar of an operation to that of another, on the shortest way.
function paintStep(frame, rows, arrow) {
  const { ctx, layout, theme } = frame;
  const ends = [arrow.from, arrow.to].map((position) => rows.findIndex((o) => o.position === position));
  if (ends.includes(-1)) return; // the initial value has no bar
  const [from, to] = ends.map((i) => ({ ...involvedBar(frame, rows[i]), y: involvedTop(layout, i) + layout.involved.rowHeight / 2 }));
  const low = Math.max(from.x0, to.x0), high = Math.min(from.x1, to.x1);
  const x0 = low <= high ? (low + high) / 2 : from.x1 < to.x0 ? from.x1 : from.x0;
  const x1 = low <= high ? x0 : from.x1 < to.x0 ? to.x0 : to.x1;
  const angle = Math.atan2(to.y - from.y, x1 - x0);
  frame.clip(layout.involved.top, layout.involved.height, () => {
    for (const [color, width] of [[theme.paper, 5], [theme[arrow.kind.split(" ")[0]] || theme.ink, 2.5]]) {
      ctx.strokeStyle = ctx.fillStyle = color;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.moveTo(x0, from.y);
      ctx.lineTo(x1 - 6 * Math.cos(angle), to.y - 6 * Math.sin(angle));
      ctx.stroke();
    }
    ctx.beginPath();
    ctx.moveTo(x1, to.y);
    for (const turn of [-0.45, 0.45]) ctx.lineTo(x1 - 10 * Math.cos(angle + turn), to.y - 10 * Math.sin(angle + turn));
    ctx.fill();
  });
}

// involvedBar is where the bar of an involved operation is.
export function involvedBar(frame, o) {
  const { data } = frame;
  const x0 = frame.x(data.invoke[o.row]);
  return { x0, x1: Math.max(x0 + 2, frame.x(data.stop(o.row))) + (o.pending ? 26 : 0) };
}

// captionPlace is where the words about an involved operation stand beside its bar, and as many of them as fit; null if the bar has more
// room for them.
export function captionPlace(frame, o) {
  const { x0, x1 } = involvedBar(frame, o);
  const text = visible(o.text), width = text.length * smallWidth;
  if (x1 - x0 > width + 12 && !o.pending) return null;
  const left = x0 - 8 - frame.layout.left - 4, right = frame.right - x1 - 8;
  const room = right > width || right > left ? right : left;
  const inside = Math.min(x1, frame.right) - Math.max(x0, frame.layout.left);
  if (room < Math.min(width, o.pending ? 0 : inside)) return null;
  const fits = Math.floor(room / smallWidth);
  const shown = text.length <= fits ? text : text.slice(0, Math.max(0, fits - 1)) + "…";
  const x = room === right ? x1 + 8 : x0 - 8 - shown.length * smallWidth;
  return { x0: x, x1: x + shown.length * smallWidth, text: shown };
}

// caption says beside a bar what it is, if that does not fit into it.
function caption(frame, o, y) {
  const place = captionPlace(frame, o);
  if (!place) return;
  frame.ctx.fillStyle = frame.theme.paper;
  frame.ctx.fillRect(place.x0 - 2, y - 7, place.x1 - place.x0 + 4, 14);
  frame.text(place.text, place.x0, y + 0.5, frame.theme.ink, smallFont);
}

// badge is the number of a step on an operation.
function badge(frame, row, y, number) {
  const { ctx, theme, data, layout } = frame;
  const x = Math.min(frame.right - 10, Math.max(layout.left + 10, frame.x((data.invoke[row] + data.stop(row)) / 2)));
  ctx.fillStyle = theme.ink;
  ctx.beginPath();
  ctx.arc(x, y, 9, 0, 2 * Math.PI);
  ctx.fill();
  frame.text(String(number), x, y + 0.5, theme.paper, "600 11px system-ui, sans-serif", "center");
}
