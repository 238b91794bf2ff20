// The state of a view: all that makes one picture differ from another. It lives in the address, so that a link leads to the
// same picture.

export function initialState(end) {
  return {
    t0: 0, t1: end, // ns
    lanes: "process", scroll: 0, // px
    query: "", only: false, hidden: [false, false, false], // by outcome
    operation: -1, violation: -1, attempt: 0, step: -1, // step -1: not stepping
    linearization: null, // a key
    messages: false, message: -1, cone: false, plots: true,
    fault: -1,
    graph: true, arrow: -1, // of the cycle
    pointed: -1, // an arrow, while one points at it: no part of the address
  };
}

const flags = ["only", "messages", "cone"];
const shownAtFirst = ["plots", "graph"];
const numbers = { op: "operation", v: "violation", a: "attempt", step: "step", m: "message", f: "fault", r: "arrow", y: "scroll" };

// toHash writes what differs from the initial state.
export function toHash(state, end) {
  const first = initialState(end);
  const p = new URLSearchParams();
  if (state.t0 !== first.t0 || state.t1 !== first.t1) p.set("t", `${seconds(state.t0)}-${seconds(state.t1)}`);
  if (state.lanes !== first.lanes) p.set("lanes", state.lanes);
  if (state.query) p.set("q", state.query);
  if (state.linearization !== null) p.set("order", state.linearization);
  if (state.hidden.some(Boolean)) p.set("hide", state.hidden.map((h) => (h ? 1 : 0)).join(""));
  for (const f of shownAtFirst) if (!state[f]) p.set(f, "0");
  for (const f of flags) if (state[f]) p.set(f, "1");
  for (const [short, name] of Object.entries(numbers)) {
    if (state[name] !== first[name]) p.set(short, String(Math.round(state[name])));
  }
  return "#" + p.toString();
}

function seconds(ns) {
  return (Math.round(ns) / 1e9).toFixed(9).replace(/\.?0+$/, "");
}

// fromHash reads what toHash writes; what makes no sense is as in the initial state. Null for an address without a state.
export function fromHash(hash, end) {
  const p = new URLSearchParams(hash.replace(/^#/, ""));
  if ([...p.keys()].length === 0) return null;
  const state = initialState(end);
  const m = /^([\d.]+)-([\d.]+)$/.exec(p.get("t") || "");
  if (m && Number(m[2]) > Number(m[1])) {
    state.t0 = Math.round(Number(m[1]) * 1e9);
    state.t1 = Math.round(Number(m[2]) * 1e9);
  }
  if (p.get("lanes") === "key") state.lanes = "key";
  state.query = p.get("q") || "";
  state.linearization = p.get("order");
  if (/^[01]{3}$/.test(p.get("hide") || "")) state.hidden = [...p.get("hide")].map((c) => c === "1");
  for (const f of shownAtFirst) state[f] = p.get(f) !== "0";
  for (const f of flags) state[f] = p.get(f) === "1";
  for (const [short, name] of Object.entries(numbers)) {
    const n = Number(p.get(short) ?? NaN);
    if (Number.isInteger(n)) state[name] = n;
  }
  return state;
}
