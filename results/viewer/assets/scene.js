import { INFO, lowerBound } from "./rundata.js";
import { lanesByKey, lanesByProcess } from "./lanes.js";
import { Pyramid } from "./pyramid.js";
import { Messages } from "./messages.js";
import { Nodes } from "./nodes.js";

const latencyBins = 48;
const mostInvolved = 14; // rows
const mostFaultLanes = 8;

// Scene is a run made ready to be drawn: what is worked out once and not for each frame.
export class Scene {
  constructor(data) {
    this.data = data;
    this.nodes = new Nodes(data);
    this.messages = new Messages(data, this.nodes.names);
    this.faultLanes = faultLanesOf(data.meta.faults);
    this.byName = {};
    this.shown = null; // 1 for the rows that are shown; null for all
    this.found = null; // 1 for the rows that a search found; null if nothing is searched for
    this.order = null; // row → place in the order of its key, once the analysis is there
    this.attempts = [];
    this.bins(data);
    this.total = this.pyramid(new Uint8Array(data.count), 1);
    this.latencies = this.pyramid(this.latencyBin, latencyBins);
  }

  // lanes are those of a kind; made when they are first asked for.
  lanes(by) {
    if (!this.byName[by]) {
      const lanes = by === "key" ? lanesByKey(this.data) : lanesByProcess(this.data);
      lanes.pyramid = this.pyramid(lanes.laneOf, lanes.count);
      lanes.foundPyramid = null;
      this.byName[by] = lanes;
    }
    return this.byName[by];
  }

  pyramid(laneOf, count, keep = this.shown) {
    return new Pyramid(this.data.invoke, laneOf, count, this.data.outcome, this.data.end, keep);
  }

  // restrict shows only some rows.
  restrict(shown) {
    if (shown === null && this.shown === null) return;
    this.shown = shown;
    for (const lanes of Object.values(this.byName)) lanes.pyramid = this.pyramid(lanes.laneOf, lanes.count);
    this.total = this.pyramid(new Uint8Array(this.data.count), 1);
    this.latencies = this.pyramid(this.latencyBin, latencyBins);
  }

  highlight(found) {
    this.found = found;
    for (const lanes of Object.values(this.byName)) lanes.foundPyramid = null;
  }

  foundPyramid(lanes) {
    if (!lanes.foundPyramid) lanes.foundPyramid = this.pyramid(lanes.laneOf, lanes.count, this.found);
    return lanes.foundPyramid;
  }

  // bins sorts latencies into bins of equal size on a logarithmic scale.
  bins(data) {
    let low = Infinity, high = 1;
    for (let i = 0; i < data.count; i++) {
      const took = data.ret[i] - data.invoke[i];
      if (data.ret[i] < 0 || took <= 0) continue;
      if (took < low) low = took;
      if (took > high) high = took;
    }
    this.lowLatency = 10 ** Math.floor(Math.log10(Math.min(low, high)));
    this.highLatency = Math.max(this.lowLatency * 10, 10 ** Math.ceil(Math.log10(high)));
    this.latencyBin = new Uint8Array(data.count);
    for (let i = 0; i < data.count; i++) {
      this.latencyBin[i] = Math.min(latencyBins - 1, Math.floor(this.latencyShare(i) * latencyBins));
    }
  }

  // latencyShare is how high a row's latency is on the scale, from 0 to 1. What nothing completes is at the top.
  latencyShare(row) {
    const { data } = this;
    if (data.ret[row] < 0) return 1;
    const took = Math.max(this.lowLatency, data.ret[row] - data.invoke[row]);
    return Math.log(took / this.lowLatency) / Math.log(this.highLatency / this.lowLatency);
  }

  get latencyBins() {
    return latencyBins;
  }

  violation(state) {
    return this.data.meta.violations[state.violation] || null;
  }

  // cycle is the drawing of the steps of the violation that is looked at; null if it has none.
  cycle(state) {
    return this.violation(state)?.cycle ?? null;
  }

  // arrow is the one of the cycle that is pointed at, or else was chosen; null if there is none.
  arrow(state) {
    const cycle = this.cycle(state);
    return cycle?.arrows[state.pointed] ?? cycle?.arrows[state.arrow] ?? null;
  }

  // endsOf are the operations that an arrow leads from and to, as far as the history has them.
  endsOf(state, arrow) {
    return this.violation(state).operations.filter((o) => o.position === arrow.from || o.position === arrow.to);
  }

  // involvedRows are the operations of the violation that is looked at, as far as there is room for a line each: first those of the arrow.
  involvedRows(state) {
    const v = this.violation(state), arrow = this.arrow(state);
    if (!v) return [];
    const first = new Set([...(arrow ? this.endsOf(state, arrow) : []), ...v.operations]);
    const kept = new Set([...first].slice(0, mostInvolved));
    return v.operations.filter((o) => kept.has(o));
  }

  // strong tells which rows stand out, or null if none does more than others.
  strong(state) {
    const v = this.violation(state);
    if (v) {
      const arrow = this.arrow(state);
      const rows = new Set((arrow ? this.endsOf(state, arrow) : v.operations).map((o) => o.row));
      return (row) => rows.has(row);
    }
    if (state.linearization !== null) {
      const key = this.keyNumber(state.linearization);
      return (row) => this.data.key[row] === key;
    }
    if (this.found) return (row) => this.found[row] === 1;
    return null;
  }

  keyNumber(name) {
    if (name === "") return 0;
    return this.data.keys.values.find((v) => v !== 0 && this.data.text(v) === name) ?? -1;
  }

  // orderOf lists the rows of a key in the order that the checker found, each with the time of its point: the earliest that
  // keeps the order, which is the latest invocation so far. Empty if there is no order.
  orderOf(keyName) {
    if (!this.order) return [];
    if (this.orderMemo && this.orderMemo.key === keyName) return this.orderMemo.rows;
    const { keys } = this.data;
    const g = keys.index.get(this.keyNumber(keyName));
    const rows = [];
    for (let k = keys.starts[g]; g !== undefined && k < keys.starts[g + 1]; k++) {
      if (this.order[keys.rows[k]] > 0) rows.push({ row: keys.rows[k], place: this.order[keys.rows[k]], point: 0 });
    }
    rows.sort((a, b) => a.place - b.place);
    let point = 0;
    for (const r of rows) r.point = point = Math.max(point, this.data.invoke[r.row]);
    this.orderMemo = { key: keyName, rows };
    return rows;
  }

  // neighbours are the operations on the key of a row just before and after it, by invocation.
  neighbours(row, count) {
    const { keys } = this.data;
    const g = keys.groups[row];
    const at = lowerBound(keys.rows, row, keys.starts[g], keys.starts[g + 1]);
    const from = Math.max(keys.starts[g], at - count), to = Math.min(keys.starts[g + 1], at + count + 1);
    return [...keys.rows.subarray(from, to)];
  }

  // isOpen tells whether a row may take effect for ever: in the history, or as an explanation takes it.
  isOpen(row) {
    return this.data.outcome[row] === INFO;
  }
}

// faultLanesOf puts faults into a lane for each kind; the last lane has all others.
function faultLanesOf(faults) {
  const kinds = [...new Set(faults.map((f) => f.kind))].sort();
  const lanes = [];
  kinds.forEach((kind, i) => {
    if (i < mostFaultLanes) lanes.push({ kind, color: i % 6, faults: [] });
    else lanes[mostFaultLanes - 1].kind = "other faults";
    lanes.at(-1).faults.push(...faults.filter((f) => f.kind === kind));
  });
  for (const lane of lanes) lane.faults.sort((a, b) => a.begin - b.begin);
  return lanes;
}
