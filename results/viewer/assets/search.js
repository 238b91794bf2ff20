import { outcomeNames } from "./rundata.js";

// A query is words of the form field=value, all of which must hold; "field!=value" is the opposite, and a word alone looks for itself in
// what an operation shows. Values with spaces stand in double quotes.
//
//	key=k3 process=7 value=5 type=info f=read node=n1 error=timeout

const wordPattern = /(?:([a-z]+)(!?=|>=|<=|>|<))?(?:"([^"]*)"|(\S+))/g;

export const searchFields = ["key", "process", "value", "type", "f", "node", "error", "latency", "index"];

// parseQuery returns {terms, error}.
export function parseQuery(query) {
  const terms = [];
  for (const m of query.matchAll(wordPattern)) {
    const term = { field: m[1] || "any", op: m[2] || "=", value: m[3] ?? m[4] };
    if (m[1] && !searchFields.includes(m[1])) return { terms: [], error: `There is no field ${m[1]}; there are ${searchFields.join(", ")}.` };
    terms.push(term);
  }
  return { terms, error: "" };
}

// search marks the rows that a query finds with 1. Null stands for all.
export function search(data, query) {
  const { terms, error } = parseQuery(query);
  if (error || terms.length === 0) return { found: null, count: data.count, error };
  const tests = terms.map((t) => rowTest(data, t));
  const bad = tests.find((t) => typeof t === "string");
  if (bad) return { found: null, count: data.count, error: bad };
  const found = new Uint8Array(data.count);
  let count = 0;
  for (let i = 0; i < data.count; i++) {
    if (tests.every((test) => test(i))) {
      found[i] = 1;
      count++;
    }
  }
  return { found, count, error: "" };
}

// rowTest is what a term asks of a row, or a sentence on why it cannot.
function rowTest(data, term) {
  const test = positiveTest(data, term);
  if (term.op !== "!=" || typeof test === "string") return test;
  return (i) => !test(i);
}

function positiveTest(data, { field, op, value }) {
  const textColumn = { key: data.key, f: data.f, node: data.node }[field];
  if (textColumn) {
    const numbers = numbersOf(data, textColumn, (text) => text === value);
    return (i) => numbers.has(textColumn[i]);
  }
  switch (field) {
    case "error": {
      const numbers = numbersOf(data, data.reason, (text) => text.includes(value));
      return (i) => numbers.has(data.reason[i]);
    }
    case "process":
      return compared(op, Number(value), (i) => data.process[i]);
    case "index":
      return compared(op, Number(value), (i) => data.logIndex[i]);
    case "latency": {
      const ns = nanoseconds(value);
      if (Number.isNaN(ns)) return "A latency is a number with a unit, such as latency>20ms.";
      return compared(op, ns, (i) => (data.ret[i] < 0 ? Infinity : data.ret[i] - data.invoke[i]));
    }
    case "type": {
      const outcome = outcomeNames.indexOf(value);
      return outcome < 0 ? "A type is ok, fail or info." : (i) => data.outcome[i] === outcome;
    }
    case "value":
      return valueTest(data, value);
    default: {
      const lower = value.toLowerCase();
      return (i) => `${data.name(i)} ${data.text(data.key[i], 200)} ${data.text(data.reason[i], 200)}`.toLowerCase().includes(lower);
    }
  }
}

const unitSizes = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9 };

function nanoseconds(text) {
  const m = /^([\d.]+)(ns|us|µs|ms|s)$/.exec(text);
  return m ? Number(m[1]) * unitSizes[m[2]] : NaN;
}

function compared(op, wanted, of) {
  switch (op) {
    case ">": return (i) => of(i) > wanted;
    case "<": return (i) => of(i) < wanted;
    case ">=": return (i) => of(i) >= wanted;
    case "<=": return (i) => of(i) <= wanted;
    default: return (i) => of(i) === wanted;
  }
}

// valueTest finds a value alone, or as one of a pair or list, or as a string without its quotes.
function valueTest(data, value) {
  const number = /^\d+$/.test(value) && Number(value) < 2 ** 31 - 1 ? Number(value) * 2 + 1 : 0;
  const known = new Map();
  const matches = (coded) => {
    if (coded === 0 || coded & 1) return coded !== 0 && coded === number;
    let hit = known.get(coded);
    if (hit === undefined) {
      const text = data.value(coded, 4000);
      hit = text === value || text === JSON.stringify(value) || text.replace(/[[\]{}]/g, ",").split(",").includes(value);
      known.set(coded, hit);
    }
    return hit;
  };
  return (i) => matches(data.input[i]) || matches(data.output[i]);
}

function numbersOf(data, column, wanted) {
  const seen = new Map();
  const numbers = new Set();
  for (let i = 0; i < column.length; i++) {
    if (seen.has(column[i])) continue;
    seen.set(column[i], true);
    if (wanted(data.text(column[i]))) numbers.add(column[i]);
  }
  return numbers;
}
