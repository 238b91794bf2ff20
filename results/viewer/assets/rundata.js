import { duration } from "./format.js";
import { transactionText } from "./microops.js";

export const OK = 0, FAIL = 1, INFO = 2;
export const outcomeNames = ["ok", "fail", "info"];

// answersNothing are functions whose completion repeats the argument where it has a value, as Jepsen's clients do.
const answersNothing = new Set(["write", "put", "add", "append", "insert", "enqueue", "push", "inc", "dec", "delete", "remove", "acquire", "release", "attach", "revoke"]);

// RunData is a run as it was recorded: columns by row, which is an operation's place in order of invocation.
export class RunData {
  constructor({ meta, columns }) {
    this.meta = meta;
    this.columns = columns;
    const col = (name) => columns.get(name);
    this.invoke = col("op.invoke");
    this.ret = col("op.return");
    this.process = col("op.process");
    this.f = col("op.f");
    this.key = col("op.key");
    this.node = col("op.node");
    this.reason = col("op.reason");
    this.input = col("op.input");
    this.output = col("op.output");
    this.outcome = col("op.outcome");
    this.logIndex = col("op.log_index");
    this.returned = col("op.returned");
    this.invoked = col("op.invoked");
    this.count = this.invoke.length;
    this.stringBytes = col("strings.bytes");
    this.stringEnds = col("strings.ends");
    this.texts = new Map();
    this.end = Math.max(1, meta.end);
    this.keys = groupRows(this.key);
  }

  // text is the text with a number, cut off after most bytes. Where it is cut, it says so.
  text(number, most = Infinity) {
    if (number === 0) return "";
    const known = this.texts.get(number);
    if (known !== undefined && most >= 200) return known;
    const begin = this.stringEnds[number - 1], end = this.stringEnds[number];
    const cut = end - begin > most;
    const bytes = this.stringBytes.subarray(begin, cut ? begin + most : end);
    const text = new TextDecoder().decode(bytes).replace(/\ufffd+$/, "") + (cut ? "…" : "");
    if (!cut && end - begin < 200) this.texts.set(number, text);
    return text;
  }

  // value is an operand as JSON, "" for none.
  value(coded, most = 200) {
    return coded & 1 ? String(coded >>> 1) : this.text(coded >>> 1, most);
  }

  // stop is when an operation was over: when it ended, or the end of the run if nothing ended it.
  stop(row) {
    return this.ret[row] < 0 ? this.end : this.ret[row];
  }

  // name is an operation in a few words: "read → 3", "cas 3 → 5", "r x → [1 2], append y 3".
  name(row) {
    const f = this.text(this.f[row], 40);
    return (f === "txn" && this.transaction(row)) || this.plainName(row, f);
  }

  // transaction is one that a history has as a list of steps; null if it is none.
  transaction(row) {
    const known = this.outcome[row] === OK && this.output[row] !== 0;
    return transactionText(this.value(known ? this.output[row] : this.input[row], 400), known);
  }

  plainName(row, f) {
    const input = this.value(this.input[row], 40), output = this.value(this.output[row], 40);
    const pair = f === "cas" && /^\[([^,]*),([^,]*)\]$/.exec(input);
    let text = f;
    if (pair) text += ` ${pair[1]} → ${pair[2]}`;
    else if (input !== "" && !(input === "null" && f !== "write")) text += " " + input;
    if (this.outcome[row] === FAIL && output !== "") text += ": found " + output;
    else if (this.outcome[row] === OK && output !== "" && !pair && !(output === input && answersNothing.has(f))) text += " → " + output;
    return text;
  }

  // sentence is an operation for those who cannot see it.
  sentence(row) {
    const where = this.key[row] ? ` on ${this.text(this.key[row], 40)}` : "";
    const took = this.ret[row] < 0 ? "never completed" : `took ${duration(this.ret[row] - this.invoke[row])}`;
    return `${this.name(row)}${where}, ${outcomeNames[this.outcome[row]]}, process ${this.process[row]}, at ${duration(this.invoke[row])}, ${took}`;
  }

  // firstFrom is the first row that was invoked at a time or later.
  firstFrom(time) {
    return lowerBound(this.invoke, time, 0, this.count);
  }
}

// lowerBound is the first index in [low, high) of a sorted array whose element is not below a value; high if there is none.
export function lowerBound(array, value, low, high) {
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (array[mid] < value) low = mid + 1;
    else high = mid;
  }
  return low;
}

// groupRows sorts the rows of a column by value, keeping their order: {index: value → group, values, starts, rows}.
export function groupRows(column) {
  const index = new Map();
  const groups = new Uint32Array(column.length);
  const values = [];
  for (let i = 0; i < column.length; i++) {
    let g = index.get(column[i]);
    if (g === undefined) {
      g = values.length;
      index.set(column[i], g);
      values.push(column[i]);
    }
    groups[i] = g;
  }
  return { index, values, groups, ...bucketRows(groups, values.length) };
}

// bucketRows lists the rows of each group one behind the other: those of group g are rows[starts[g]] to rows[starts[g+1]-1].
export function bucketRows(groups, count) {
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < groups.length; i++) starts[groups[i] + 1]++;
  for (let g = 0; g < count; g++) starts[g + 1] += starts[g];
  const next = starts.slice(0, count);
  const rows = new Uint32Array(groups.length);
  for (let i = 0; i < groups.length; i++) rows[next[groups[i]]++] = i;
  return { starts, rows };
}
