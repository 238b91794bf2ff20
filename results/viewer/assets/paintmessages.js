import { cone, inCone } from "./messages.js";
import { nodeMiddle } from "./paintnodes.js";
import { smallFont } from "./theme.js";
import { grouped } from "./format.js";

const mostArrows = 1500;
const mostLabels = 80;

// messageLine is the height at which a message begins or ends.
function messageLine(frame, name) {
  const lane = frame.scene.messages.laneOf.get(name);
  if (lane < frame.scene.messages.nodeCount) return nodeMiddle(frame.layout, lane);
  return frame.layout.nodes.top + frame.layout.nodes.height - 6;
}

// messageShape is the line of a message on the canvas: from where to where.
export function messageShape(frame, i) {
  const m = frame.scene.messages;
  const x0 = frame.x(m.sent[i]), y0 = messageLine(frame, m.from[i]), y2 = messageLine(frame, m.to[i]);
  if (!m.lost(i)) return { x0, y0, x1: frame.x(m.received[i]), y1: y2 };
  return { x0, y0, x1: x0 + 12, y1: y0 + Math.sign(y2 - y0) * 14 };
}

// kindOf tells what a message is about, for its colour and its dashes.
function messageStyle(frame, kind) {
  const { theme } = frame;
  if (/vote/i.test(kind)) return { color: theme.candidate, dash: [] };
  if (/heartbeat/i.test(kind)) return { color: theme.faint, dash: [2, 3] };
  if (/snapshot/i.test(kind)) return { color: theme.mark, dash: [] };
  if (/append/i.test(kind)) return { color: theme.leader, dash: [] };
  return { color: theme.client, dash: [6, 2] };
}

// paintMessages draws the trace as a space-time diagram: an arrow from where and when a message was sent to where and when
// it was received, a cross where it was lost.
export function paintMessages(frame) {
  const { scene, state, layout, theme } = frame;
  const m = scene.messages;
  if (!state.messages || m.count === 0) return;
  if (m.clients) frame.label("clients", layout.nodes.top + layout.nodes.height - 8, theme.faint);
  const seen = m.between(state.t0, state.t1);
  const c = state.cone && m.count > state.message && state.message >= 0 ? cone(m, state.message) : null;
  frame.clip(layout.nodes.top, layout.nodes.height, () => {
    if (c) paintCone(frame, c);
    const skip = Math.ceil(seen.length / mostArrows);
    for (const i of seen) {
      if (i === state.message || (skip > 1 && i % skip !== 0)) continue;
      paintArrow(frame, i, c ? (inCone(m, c, i) ? 1 : 0.12) : skip > 1 ? 0.35 : 0.85, 1);
    }
    if (seen.length <= mostLabels) paintTimes(frame, seen);
    if (seen.includes(state.message)) paintArrow(frame, state.message, 1, 3);
    if (skip > 1) {
      const note = `one in ${skip} of ${grouped(seen.length)} messages; zoom in for all`;
      frame.ctx.fillStyle = theme.paper;
      frame.ctx.fillRect(frame.right - note.length * 7 - 4, layout.nodes.top, note.length * 7, 16);
      frame.text(note, frame.right - 6, layout.nodes.top + 8, theme.ink, smallFont, "right");
    }
  });
}

function paintArrow(frame, i, alpha, width) {
  const { ctx, theme, data, scene } = frame;
  const s = messageShape(frame, i);
  if (s.x1 < frame.layout.left || s.x0 > frame.right) return;
  const { color, dash } = messageStyle(frame, data.text(scene.messages.kind[i], 60));
  const lost = scene.messages.lost(i);
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = ctx.fillStyle = lost ? theme.invalid : color;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(s.x0, s.y0);
  ctx.lineTo(s.x1, s.y1);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  if (lost) {
    ctx.moveTo(s.x1 - 3, s.y1 - 3);
    ctx.lineTo(s.x1 + 3, s.y1 + 3);
    ctx.moveTo(s.x1 + 3, s.y1 - 3);
    ctx.lineTo(s.x1 - 3, s.y1 + 3);
    ctx.stroke();
  } else {
    const angle = Math.atan2(s.y1 - s.y0, s.x1 - s.x0), size = 4 + width;
    ctx.moveTo(s.x1, s.y1);
    ctx.lineTo(s.x1 - size * Math.cos(angle - 0.4), s.y1 - size * Math.sin(angle - 0.4));
    ctx.lineTo(s.x1 - size * Math.cos(angle + 0.4), s.y1 - size * Math.sin(angle + 0.4));
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

// paintTimes writes what the sender's Lamport clock showed to where messages begin: once for those that were sent to several nodes.
function paintTimes(frame, seen) {
  const m = frame.scene.messages, told = new Set();
  for (const i of seen) {
    const s = messageShape(frame, i), text = m.time(i), event = `${m.from[i]} ${text}`;
    if (!text || told.has(event) || s.x0 < frame.layout.left || s.x0 > frame.right) continue;
    told.add(event);
    frame.text(text, s.x0 + 3, s.y0 + Math.sign(s.y1 - s.y0) * 9, frame.theme.ink, smallFont, "left");
  }
}

// paintCone shades what of each node is in the past and in the future of the chosen event.
function paintCone(frame, c) {
  const { ctx, layout, scene, theme } = frame;
  for (const [name, lane] of scene.messages.laneOf) {
    if (lane >= scene.messages.nodeCount) continue;
    const top = layout.nodes.top + lane * layout.nodes.rowHeight + 1, height = layout.nodes.rowHeight - 2;
    ctx.globalAlpha = 0.3;
    const past = c.past.get(name), future = c.future.get(name);
    if (past !== undefined) {
      ctx.fillStyle = theme.past;
      ctx.fillRect(layout.left, top, frame.x(past) - layout.left, height);
    }
    if (future !== undefined) {
      ctx.fillStyle = theme.future;
      ctx.fillRect(frame.x(future), top, Math.max(0, frame.right - frame.x(future)), height);
    }
    ctx.globalAlpha = 1;
  }
}
