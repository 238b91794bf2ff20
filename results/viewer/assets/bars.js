import { FAIL, INFO } from "./rundata.js";
import { visible } from "./format.js";
import { smallFont, smallWidth } from "./theme.js";

// Outcomes differ by shape as well as by colour: ok is a full bar, fail a low one with a cross at its end, info is
// hatched and open to the right.

const tail = 22; // px that an open bar goes on, in dashes

// drawBar draws the operation of a row between the heights y and y+h.
export function drawBar(frame, row, y, h, open = frame.data.outcome[row] === INFO) {
  const { ctx, data, theme } = frame;
  const left = frame.layout.left - 40;
  const x0 = Math.max(left, frame.x(data.invoke[row]));
  const x1 = Math.min(frame.right + 40, Math.max(x0 + 2, frame.x(data.stop(row))));
  if (open) drawOpen(frame, x0, x1, y, h);
  else if (data.outcome[row] === FAIL) drawFail(frame, x0, x1, y, h);
  else {
    ctx.fillStyle = theme.ok;
    ctx.fillRect(x0, y, x1 - x0, h);
  }
  drawBarText(frame, row, Math.max(x0, frame.layout.left), x1, y, h, open);
}

function drawOpen(frame, x0, x1, y, h) {
  const { ctx, theme } = frame;
  ctx.fillStyle = theme.hatch;
  ctx.fillRect(x0, y, x1 - x0, h);
  ctx.fillStyle = theme.info;
  ctx.fillRect(x0, y, 2, h);
  for (let i = 0; i < 3; i++) ctx.fillRect(x1 + 2 + (i * tail) / 3, y + h / 2 - 1.5, tail / 3 - 3, 3);
}

function drawFail(frame, x0, x1, y, h) {
  const { ctx, theme } = frame;
  const top = y + h * 0.4;
  ctx.fillStyle = theme.fail;
  ctx.fillRect(x0, top, x1 - x0, h - h * 0.4);
  if (x1 - x0 < 6) return;
  ctx.strokeStyle = theme["on-bar"];
  ctx.lineWidth = 1.4;
  const s = Math.min(4, h * 0.22), cx = x1 - s - 2, cy = (top + y + h) / 2;
  ctx.beginPath();
  ctx.moveTo(cx - s, cy - s);
  ctx.lineTo(cx + s, cy + s);
  ctx.moveTo(cx + s, cy - s);
  ctx.lineTo(cx - s, cy + s);
  ctx.stroke();
}

function drawBarText(frame, row, x0, x1, y, h, open) {
  const room = Math.min(x1, frame.right) - x0 - 8;
  if (room < 4 * smallWidth || h < 11) return;
  let text = visible(frame.data.name(row));
  if (text.length * smallWidth > room) {
    const fits = Math.floor(room / smallWidth) - 1;
    if (fits < 3) return;
    text = text.slice(0, fits) + "…";
  }
  if (open) { // the hatch is no ground for text
    frame.ctx.fillStyle = frame.theme.info;
    frame.ctx.fillRect(x0 + 2, y + 1, text.length * smallWidth + 4, h - 2);
  }
  const low = frame.data.outcome[row] === FAIL ? h * 0.2 : 0;
  frame.text(text, x0 + 4, y + h / 2 + low + 0.5, frame.theme["on-bar"], smallFont);
}

// outline marks the operation of a row.
export function outline(frame, row, y, h, color, width) {
  const { ctx, data } = frame;
  const x0 = Math.max(frame.layout.left - 40, frame.x(data.invoke[row]));
  const x1 = Math.min(frame.right + 40, Math.max(x0 + 2, frame.x(data.stop(row))));
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.strokeRect(x0 - width / 2, y - width / 2, x1 - x0 + width, h + width);
}
