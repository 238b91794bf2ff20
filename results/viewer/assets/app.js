import { fit, paint } from "./painter.js";
import { paintMinimap } from "./minimap.js";
import { readTheme } from "./theme.js";
import { fromHash, initialState, toHash } from "./viewstate.js";
import { search } from "./search.js";
import { lowerBound } from "./rundata.js";

const leastSpan = 1000; // ns
const hashDelay = 200; // ms

// App is the view: a scene, the state of the view, and what changes it. Listeners hear of every change.
export class App {
  constructor(scene, canvas, minimap) {
    Object.assign(this, { scene, data: scene.data, canvas, minimap });
    this.state = initialState(this.data.end);
    this.theme = readTheme();
    this.pointer = null;
    this.frame = null;
    this.listeners = [];
    this.matches = 0;
    this.searchError = "";
    this.painting = 0;
    this.paintTimes = []; // ms of the last pictures
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  // open shows the state in the address or, if there is none, the first violation.
  open() {
    const state = fromHash(location.hash, this.data.end);
    if (state) this.restore(state);
    else {
      const first = this.data.meta.violations.findIndex((v) => v.operations.length > 0);
      this.showViolation(first);
    }
  }

  // restore takes over a state, as far as this run has what it speaks of.
  restore(state) {
    const { violations } = this.data.meta;
    if (state.violation < -1 || state.violation >= violations.length) state.violation = -1;
    if (state.operation < -1 || state.operation >= this.data.count) state.operation = -1;
    if (state.message < -1 || state.message >= this.scene.messages.count) state.message = -1;
    if (state.arrow < -1 || state.arrow >= (this.scene.cycle(state)?.arrows.length ?? 0)) state.arrow = -1;
    if (state.fault < -1 || state.fault >= this.data.meta.faults.length) state.fault = -1;
    this.state = state;
    this.applyQuery();
    this.setWindow(state.t0, state.t1);
  }

  changed() {
    for (const listener of this.listeners) listener(this);
    this.repaint();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), hashDelay);
  }

  save() {
    clearTimeout(this.saving);
    history.replaceState(null, "", toHash(this.state, this.data.end));
  }

  repaint() {
    if (!this.painting) this.painting = requestAnimationFrame(() => this.paintNow());
  }

  paintNow() {
    this.painting = 0;
    const begin = performance.now();
    this.frame = paint(this.canvas, this.scene, this.state, this.theme, this.pointer);
    this.canvas.style.minHeight = `${Math.ceil(this.frame.layout.least)}px`; // if that makes it higher, its observer paints it again
    const { width, height } = fit(this.minimap);
    paintMinimap(this.minimap.getContext("2d"), this.scene, this.state, this.theme, width, height);
    this.paintTimes.push(performance.now() - begin);
    if (this.paintTimes.length > 1000) this.paintTimes.shift();
  }

  // setWindow shows a span of time, within the run.
  setWindow(t0, t1) {
    const end = this.data.end;
    const span = Math.min(end, Math.max(leastSpan, t1 - t0));
    this.state.t0 = Math.round(Math.max(0, Math.min(t0, end - span)));
    this.state.t1 = Math.round(this.state.t0 + span);
    this.changed();
  }

  pan(share) {
    const { t0, t1 } = this.state;
    this.setWindow(t0 + share * (t1 - t0), t1 + share * (t1 - t0));
  }

  // zoom makes the span so many times as long; what is at a time stays where it is.
  zoom(factor, at = this.middle()) {
    const { t0, t1 } = this.state;
    const span = Math.min(this.data.end, Math.max(leastSpan, (t1 - t0) * factor));
    const share = (at - t0) / (t1 - t0);
    this.setWindow(at - share * span, at + (1 - share) * span);
  }

  // middle is where zooming by keyboard aims at: the chosen operation if it is in view.
  middle() {
    const { t0, t1, operation } = this.state;
    const chosen = operation < 0 ? -1 : this.data.invoke[operation];
    return chosen >= t0 && chosen <= t1 ? chosen : (t0 + t1) / 2;
  }

  scroll(by) {
    this.state.scroll += by;
    this.changed();
  }

  // reveal brings an operation into view, at the present zoom if it is wide enough there.
  reveal(row) {
    const begin = this.data.invoke[row], stop = this.data.stop(row);
    const { t0, t1 } = this.state;
    if (begin < t0 || begin > t1 || (stop - begin) / (t1 - t0) < 0.003) {
      const span = Math.min(t1 - t0, Math.max(20 * (stop - begin), leastSpan));
      this.state.t0 = begin - span / 3;
      this.state.t1 = begin + (2 * span) / 3;
    }
    this.revealLane(row);
    this.setWindow(this.state.t0, this.state.t1);
  }

  revealLane(row) {
    const lanes = this.scene.lanes(this.state.lanes);
    const l = this.frame && this.frame.layout.lanes;
    if (!l) return;
    const y = lanes.laneOf[row] * l.rowHeight;
    if (y < this.state.scroll) this.state.scroll = y;
    if (y + l.rowHeight > this.state.scroll + l.height) this.state.scroll = y + l.rowHeight - l.height;
  }

  // choose makes one operation, message or fault the chosen thing.
  choose(kind, i) {
    Object.assign(this.state, { operation: -1, message: -1, fault: -1, [kind]: i });
  }

  letGo() {
    this.choose("operation", -1);
    this.changed();
  }

  select(row, reveal = false) {
    this.choose("operation", row);
    if (row >= 0 && reveal) this.reveal(row);
    else this.changed();
  }

  selectFault(i) {
    this.choose("fault", i);
    this.changed();
  }

  selectMessage(i) {
    this.choose("message", i);
    if (i >= 0) {
      const at = this.scene.messages.sent[i];
      if (at < this.state.t0 || at > this.state.t1) {
        const half = (this.state.t1 - this.state.t0) / 2;
        this.setWindow(at - half, at + half);
      }
    }
    this.changed();
  }

  // showViolation goes to a violation: the span of its operations, with some room around. -1 leaves it.
  showViolation(i) {
    const v = this.data.meta.violations[i];
    Object.assign(this.state, { violation: v ? i : -1, attempt: 0, step: -1, arrow: -1, pointed: -1, linearization: null });
    this.choose("operation", -1);
    this.showOperations(v ? v.operations : []);
  }

  // showOperations shows the span of some operations of a violation.
  showOperations(operations) {
    if (operations.length === 0) return this.changed();
    let begin = Infinity, end = 0;
    for (const { row } of operations) {
      begin = Math.min(begin, this.data.invoke[row]);
      const info = this.data.outcome[row] === 2;
      end = Math.max(end, info ? this.data.invoke[row] : this.data.stop(row));
    }
    for (const o of operations) this.revealLane(o.row); // the last, if there is no room for all
    const room = Math.max((end - begin) * 0.15, 2e6);
    this.setWindow(begin - room, end + room);
  }

  // pointAt shows an arrow of the cycle for as long as one points at it. -1 leaves it.
  pointAt(i) {
    if (this.state.pointed === i) return;
    this.state.pointed = i;
    this.changed();
  }

  // showArrow goes to the operations of an arrow of the cycle. -1 leaves it.
  showArrow(i) {
    this.choose("operation", -1);
    this.state.arrow = i;
    const arrow = this.scene.arrow(this.state);
    this.showOperations(i < 0 || !arrow ? [] : this.scene.endsOf(this.state, arrow));
  }

  setStep(attempt, step) {
    const orders = (this.scene.attempts[this.state.violation] || { orders: [] }).orders;
    if (orders.length === 0) return;
    this.state.attempt = Math.max(0, Math.min(orders.length - 1, attempt));
    this.state.step = Math.max(0, Math.min(orders[this.state.attempt].length, step));
    this.changed();
  }

  // showOrder shows the linearization of a key; null leaves it.
  showOrder(key) {
    this.state.linearization = key;
    this.state.violation = -1;
    if (key !== null) this.state.lanes = "key";
    const order = key === null ? [] : this.scene.orderOf(key);
    if (order.length > 0) this.revealLane(order[0].row);
    this.changed();
  }

  setQuery(query) {
    this.state.query = query;
    this.applyQuery();
    this.changed();
  }

  // applyQuery works out which rows are found and which are shown.
  applyQuery() {
    const { found, count, error } = search(this.data, this.state.query);
    this.searchError = error;
    this.matches = count;
    const { hidden, only } = this.state;
    let shown = null;
    if (hidden.some(Boolean) || (only && found)) {
      shown = new Uint8Array(this.data.count);
      for (let i = 0; i < shown.length; i++) shown[i] = !hidden[this.data.outcome[i]] && (!only || !found || found[i]) ? 1 : 0;
    }
    this.scene.highlight(only ? null : found);
    this.found = found;
    this.scene.restrict(shown);
  }

  // next goes to the next operation, or the one before, of those that were found or stand out.
  next(step) {
    const v = this.scene.violation(this.state);
    const rows = v ? v.operations.map((o) => o.row) : null;
    let row = this.state.operation;
    if (rows) row = rows[(rows.indexOf(row) + step + rows.length + (step < 0 && rows.indexOf(row) < 0 ? 1 : 0)) % rows.length];
    else {
      const visible = (i) => (!this.found || this.found[i]) && (!this.scene.shown || this.scene.shown[i]);
      row = row < 0 ? this.data.firstFrom(this.state.t0) - (step > 0 ? 1 : 0) : row;
      for (row += step; row >= 0 && row < this.data.count && !visible(row); row += step);
    }
    if (row >= 0 && row < this.data.count) this.select(row, true);
  }

  // beside goes to the next operation of the lane, or the one before.
  beside(step) {
    const lanes = this.scene.lanes(this.state.lanes);
    if (this.state.operation < 0) return this.next(1);
    const lane = lanes.laneOf[this.state.operation];
    const at = lowerBound(lanes.rows, this.state.operation, lanes.starts[lane], lanes.starts[lane + 1]) + step;
    if (at >= lanes.starts[lane] && at < lanes.starts[lane + 1]) this.select(lanes.rows[at], true);
  }

  // across goes to the operation of the lane below, or above, that was invoked next.
  across(step) {
    const lanes = this.scene.lanes(this.state.lanes);
    if (this.state.operation < 0) return this.next(1);
    const at = this.data.invoke[this.state.operation];
    for (let lane = lanes.laneOf[this.state.operation] + step; lane >= 0 && lane < lanes.count; lane += step) {
      const rows = lanes.rows.subarray(lanes.starts[lane], lanes.starts[lane + 1]);
      if (rows.length === 0) continue;
      const after = rows.find((r) => this.data.invoke[r] >= at);
      return this.select(after ?? rows.at(-1), true);
    }
  }
}
