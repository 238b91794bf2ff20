import { smallFont, smallWidth } from "./theme.js";
import { lowerBound } from "./rundata.js";

const barHeight = 14;
const logHeight = 13; // of the lines below the bar

// nodeMiddle is the height of a node's line.
export function nodeMiddle(layout, node) {
  return layout.nodes.top + node * layout.nodes.rowHeight + Math.min(layout.nodes.rowHeight / 2, barHeight);
}

// paintNodes draws a lane for each node: role and term as a bar, and below it, unless messages are shown, how far its log was.
export function paintNodes(frame) {
  const { layout, scene } = frame;
  scene.nodes.names.forEach((name, node) => {
    const y = nodeMiddle(layout, node);
    frame.label(name, y, frame.theme.ink, "600 12px system-ui, sans-serif");
    frame.clip(layout.nodes.top, layout.nodes.height, () => {
      for (const s of scene.nodes.segments[node]) paintSegment(frame, s, y);
      if (roomForProgress(frame)) paintProgress(frame, scene.nodes.progress[node], y);
    });
  });
}

// roomForProgress tells whether the lines of nodes are high enough, and free of messages.
function roomForProgress({ layout, scene, state }) {
  return layout.nodes.rowHeight > barHeight + logHeight && (!state.messages || scene.messages.count === 0);
}

function paintSegment(frame, s, y) {
  const { ctx, layout, theme } = frame;
  const x0 = Math.max(layout.left, frame.x(s.begin)), x1 = Math.min(frame.right, Math.max(frame.x(s.begin) + 1.5, frame.x(s.end)));
  if (x1 < layout.left || x0 > frame.right || x1 <= x0) return;
  const top = y - barHeight / 2;
  switch (s.role) {
    case "leader":
      ctx.fillStyle = theme.leader;
      ctx.fillRect(x0, top, x1 - x0, barHeight);
      break;
    case "candidate":
      ctx.fillStyle = theme.candidate;
      ctx.fillRect(x0, top + 3, x1 - x0, barHeight - 6);
      break;
    case "down":
      ctx.strokeStyle = theme.down;
      ctx.lineWidth = 2;
      ctx.setLineDash([3, 4]);
      ctx.beginPath();
      ctx.moveTo(x0, y);
      ctx.lineTo(x1, y);
      ctx.stroke();
      ctx.setLineDash([]);
      break;
    case "paused":
      ctx.fillStyle = theme.wait;
      ctx.fillRect(x0, top + 1, x1 - x0, barHeight - 2);
      break;
    default:
      ctx.fillStyle = theme.follower;
      ctx.fillRect(x0, y - 3, x1 - x0, 6);
  }
  paintSegmentText(frame, s, x0, x1, y);
}

function paintSegmentText(frame, s, x0, x1, y) {
  const short = s.role === "leader" || s.role === "candidate" ? (s.term ? `${s.role} ${s.term}` : s.role) : s.role === "follower" ? `${frame.scene.nodes.termWord} ${s.term}` : s.role;
  if (s.term === 0 && s.role === "follower") return;
  const width = short.length * smallWidth;
  if (x1 - x0 < width + 8) return;
  const { ctx, theme } = frame;
  if (s.role === "leader") {
    frame.text(short, x0 + 4, y + 0.5, theme.paper, smallFont);
    return;
  }
  ctx.fillStyle = theme.paper;
  ctx.fillRect(x0 + 2, y - 7, width + 4, 14);
  frame.text(short, x0 + 4, y + 0.5, s.role === "down" ? theme.invalid : theme.faint, smallFont);
}

// paintProgress draws the last index in the log and, darker, the commit index, and marks snapshots.
function paintProgress(frame, p, y) {
  if (p.time.length === 0) return;
  const { ctx, layout, theme, scene, state } = frame;
  const bottom = y + barHeight / 2 + 2 + logHeight;
  const from = Math.max(0, lowerBound(p.time, state.t0, 0, p.time.length) - 1), to = Math.min(p.time.length, lowerBound(p.time, state.t1, 0, p.time.length) + 1);
  const stride = Math.max(1, Math.floor((to - from) / layout.plot));
  for (const [values, color, width] of [[p.last, theme.log, 1], [p.commit, theme.commit, 1.4]]) {
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.beginPath();
    for (let i = from; i < to; i += stride) {
      const x = frame.x(p.time[i]), at = bottom - (values[i] / scene.nodes.highest) * logHeight;
      if (i > from && p.time[i] - p.time[i - 1] < 1e9) ctx.lineTo(x, at);
      else ctx.moveTo(x, at); // it was down in between
    }
    ctx.stroke();
  }
  for (const s of p.snapshots) {
    const x = frame.x(s.time);
    if (x < layout.left || x > frame.right) continue;
    ctx.fillStyle = theme.mark;
    ctx.beginPath();
    ctx.moveTo(x - 4, bottom);
    ctx.lineTo(x + 4, bottom);
    ctx.lineTo(x, bottom - 8);
    ctx.fill();
  }
}
