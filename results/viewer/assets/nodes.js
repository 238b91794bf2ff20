import { lowerBound } from "./rundata.js";

// Nodes is what each node was when: segments of one role and one term, and samples of how far its log was.
export class Nodes {
  constructor(data) {
    this.names = data.meta.nodes;
    this.length = this.names.length;
    this.termWord = data.meta.term_word;
    this.data = data;
    this.segments = this.names.map((name) => segmentsOf(data, name));
    this.progress = this.names.map((name) => progressOf(data, name));
    this.sampled = this.progress.some((p) => p.time.length > 0);
    this.highest = Math.max(1, ...this.progress.map((p) => p.highest));
    this.logs = new Map();
  }

  // segment is what a node was at a time.
  segment(node, time) {
    const s = this.segments[node];
    return s[Math.max(0, lowerBound(s.map((x) => x.begin), time + 1, 0, s.length) - 1)];
  }

  // sample is how far a node was when it was last looked at before a time. Null if its process was not looked at until then.
  sample(node, time) {
    const p = this.progress[node];
    const i = lowerBound(p.time, time + 1, 0, p.time.length) - 1;
    if (i < 0 || p.time[i] < this.started(node, time)) return null;
    return { time: p.time[i], last: p.last[i], commit: p.commit[i], applied: p.applied[i], snapshot: p.snapshot[i] };
  }

  // started is from when on a node has the process that it has at a time; Infinity while it has none.
  started(node, time) {
    const down = this.segments[node].findLast((s) => s.role === "down" && s.begin <= time);
    if (!down) return 0;
    return down.end > time ? Infinity : down.end;
  }

  // log is the log of a node: its lines, each with the time at its start.
  log(name) {
    if (!this.logs.has(name)) this.logs.set(name, readLog(this.data.columns.get("log:" + name)));
    return this.logs.get(name);
  }
}

function segmentsOf(data, name) {
  const [time, node, role, term] = ["time", "node", "role", "term"].map((c) => data.columns.get("track." + c));
  const segments = [{ begin: 0, end: data.end, role: "follower", term: 0 }];
  for (let i = 0; i < time.length; i++) {
    if (data.text(node[i]) !== name) continue;
    segments.at(-1).end = time[i];
    segments.push({ begin: time[i], end: data.end, role: data.text(role[i]), term: term[i] });
  }
  return segments.filter((s) => s.end > s.begin || s.begin === data.end);
}

function progressOf(data, name) {
  const column = (c) => data.columns.get("progress." + c);
  const node = column("node");
  const p = { time: [], last: [], commit: [], applied: [], snapshot: [], snapshots: [], highest: 1 };
  for (let i = 0; i < node.length; i++) {
    if (data.text(node[i]) !== name) continue;
    for (const c of ["time", "last", "commit", "applied", "snapshot"]) p[c].push(column(c)[i]);
    const event = data.text(column("event")[i]);
    if (event) p.snapshots.push({ time: p.time.at(-1), index: p.snapshot.at(-1), event });
    p.highest = Math.max(p.highest, p.last.at(-1));
  }
  return p;
}

function readLog(bytes) {
  const log = { times: [], lines: [] };
  if (!bytes) return log;
  let time = 0;
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (line === "") continue;
    const m = /^\s*([\d.]+)s\b/.exec(line);
    if (m) time = Number(m[1]) * 1e9;
    log.times.push(time);
    log.lines.push(line);
  }
  return log;
}
