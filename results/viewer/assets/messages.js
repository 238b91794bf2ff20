import { lowerBound } from "./rundata.js";

const block = 256; // messages

// Messages is the trace of what nodes and clients said to each other, in the order in which it was sent.
export class Messages {
  constructor(data, nodes) {
    const column = (c) => data.columns.get("message." + c);
    this.data = data;
    this.sent = column("sent");
    this.received = column("received");
    this.from = column("from");
    this.to = column("to");
    this.kind = column("kind");
    this.detail = column("detail");
    this.clock = column("clock"); // what logical clocks showed and where, as in "n1: L 17, V n1:3"
    this.id = column("id");
    this.replyTo = column("reply_to");
    this.term = column("term");
    this.count = this.sent.length;
    this.laneOf = new Map(); // the number of a name → the place of its node, or nodes.length for clients
    this.nodeCount = nodes.length;
    this.latest = new Float64Array(Math.ceil(this.count / block)).fill(-1); // by block of messages, when the last of them was received
    this.clients = false;
    for (let i = 0; i < this.count; i++) {
      for (const name of [this.from[i], this.to[i]]) {
        if (this.laneOf.has(name)) continue;
        const lane = nodes.indexOf(data.text(name));
        this.laneOf.set(name, lane < 0 ? nodes.length : lane);
        if (lane < 0) this.clients = true;
      }
      const b = Math.floor(i / block);
      this.latest[b] = Math.max(this.latest[b], this.received[i], this.sent[i]);
    }
  }

  // between lists the messages that are on their way in a span of time.
  between(t0, t1) {
    const end = lowerBound(this.sent, t1, 0, this.count);
    const found = [];
    for (let b = 0; b * block < end; b++) {
      if (this.latest[b] < t0) continue;
      for (let i = b * block; i < Math.min(end, (b + 1) * block); i++) {
        if (Math.max(this.received[i], this.sent[i]) >= t0) found.push(i);
      }
    }
    return found;
  }

  // firstFrom is the first message that was sent at a time or later.
  firstFrom(time) {
    return lowerBound(this.sent, time, 0, this.count);
  }

  // time is what the sender's Lamport clock showed, with its letter; "" if a message bears no clocks, or those of a node whose message
  // the sender passes on.
  time(i) {
    const [where, time] = this.data.text(this.clock[i], 200).split(",")[0].split(": ");
    return where === this.data.text(this.from[i], 200) ? time : "";
  }

  lost(i) {
    return this.received[i] < 0;
  }

  sentence(i) {
    const d = this.data;
    const end = this.lost(i) ? "never received" : `received ${((this.received[i] - this.sent[i]) / 1e6).toFixed(3)} ms later`;
    const term = this.term[i] ? `, ${d.meta.term_word} ${this.term[i]}` : "";
    return `${d.text(this.kind[i], 80)} from ${d.text(this.from[i], 80)} to ${d.text(this.to[i], 80)}${term}, ${end}`;
  }

  // ofOperation is the first message that the process of an operation sent for it; -1 if the trace has none.
  ofOperation(row) {
    const name = `process ${this.data.process[row]}`;
    for (let i = this.firstFrom(this.data.invoke[row]); i < this.count && this.sent[i] <= this.data.stop(row); i++) {
      if (this.data.text(this.from[i]) === name) return i;
    }
    return -1;
  }

  // partner is the message that answers one, or that one answers; -1 if there is none in the trace.
  partner(i) {
    if (this.replyTo[i]) {
      for (let k = i - 1; k >= 0; k--) if (this.id[k] === this.replyTo[i]) return k;
      return -1;
    }
    for (let k = i + 1; k < this.count; k++) if (this.replyTo[k] === this.id[i]) return k;
    return -1;
  }
}

// cone is what happened before and after the sending of a message, by Lamport's happens-before: past and future are
// maps from the number of a name to the time up to which, or from which on, what happens there is in it. One pass each does:
// whatever a message lets one know, one can only tell by messages that are sent later.
export function cone(messages, i) {
  const m = messages;
  const future = new Map([[m.from[i], m.sent[i]]]);
  for (let k = i; k < m.count; k++) {
    if (m.lost(k) || !(m.sent[k] >= (future.get(m.from[k]) ?? Infinity))) continue;
    if (m.received[k] < (future.get(m.to[k]) ?? Infinity)) future.set(m.to[k], m.received[k]);
  }
  const past = new Map([[m.from[i], m.sent[i]]]);
  const byReceipt = [];
  for (let k = 0; k < m.count; k++) if (!m.lost(k) && m.received[k] <= m.sent[i]) byReceipt.push(k);
  byReceipt.sort((a, b) => m.received[b] - m.received[a]);
  for (const k of byReceipt) {
    if (!(m.received[k] <= (past.get(m.to[k]) ?? -Infinity))) continue;
    if (m.sent[k] > (past.get(m.from[k]) ?? -Infinity)) past.set(m.from[k], m.sent[k]);
  }
  return { past, future };
}

// inCone tells on which side of an event a message lies: "past", "future" or "".
export function inCone(messages, c, k) {
  const m = messages;
  if (m.sent[k] >= (c.future.get(m.from[k]) ?? Infinity)) return "future";
  if (!m.lost(k) && m.received[k] <= (c.past.get(m.to[k]) ?? -Infinity)) return "past";
  return "";
}
