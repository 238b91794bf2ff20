import { bucketRows } from "./rundata.js";

// Lanes give each operation a line of its own while it lasts: {count, laneOf, starts, rows, label, groups}. The rows of
// a lane are in order of invocation, and do not overlap but for what is unknown for ever. label(lane, t0, t1, short)
// says whose a lane is at that time.

// lanesByProcess puts the processes of one client, of which each follows on one that ended in info, into one lane.
export function lanesByProcess(data) {
  const lives = processLives(data);
  const lane = byRemainder(lives, concurrencyOf(data)) || packed(lives);
  const laneOf = new Uint32Array(data.count);
  let count = 0;
  for (let i = 0; i < data.count; i++) {
    laneOf[i] = lane.get(data.process[i]);
    if (laneOf[i] >= count) count = laneOf[i] + 1;
  }
  const inLane = Array.from({ length: count }, () => []);
  for (const life of lives) inLane[lane.get(life.process)].push(life);
  const label = (l, t0, t1, short) => processLabel(inLane[l], t0, t1, short);
  return { by: "process", count, laneOf, label, ...bucketRows(laneOf, count) };
}

// processLabel names the processes of a lane that live in a span of time, or else the last before it.
function processLabel(lives, t0, t1, short) {
  let seen = lives.filter((life) => life.begin <= t1 && life.stop >= t0);
  if (seen.length === 0) seen = [lives.findLast((life) => life.begin <= t1) || lives[0]];
  const first = seen[0].process, last = seen.at(-1).process;
  return `${short ? "p" : "process"} ${first}${seen.length === 1 ? "" : seen.length === 2 ? `, ${last}` : ` to ${last}`}`;
}

function concurrencyOf(data) {
  const n = data.meta.spec && data.meta.spec.concurrency;
  return Number.isInteger(n) && n > 0 ? n : 0;
}

// processLives lists when each process began and ended, in order of beginning.
function processLives(data) {
  const lives = new Map();
  for (let i = 0; i < data.count; i++) {
    const process = data.process[i], stop = data.stop(i);
    const life = lives.get(process);
    if (life) life.stop = stop;
    else lives.set(process, { process, begin: data.invoke[i], stop });
  }
  return [...lives.values()];
}

// byRemainder is Jepsen's rule: the client of a process is its number modulo how many there are. Null where that would
// put two at once into one lane.
function byRemainder(lives, n) {
  if (n === 0) return null;
  const busy = new Float64Array(n).fill(-1);
  const lane = new Map();
  for (const life of lives) {
    const l = life.process % n;
    if (life.begin < busy[l]) return null;
    busy[l] = life.stop;
    lane.set(life.process, l);
  }
  return lane;
}

// packed takes the first lane that is free, and puts the lanes in the order of their first processes.
function packed(lives) {
  const busy = [], firsts = [];
  const lane = new Map();
  for (const life of lives) {
    let l = busy.findIndex((until) => until <= life.begin);
    if (l < 0) l = busy.length;
    if (busy[l] === undefined) firsts.push({ lane: l, process: life.process });
    busy[l] = life.stop;
    lane.set(life.process, l);
  }
  firsts.sort((a, b) => a.process - b.process);
  const place = new Map(firsts.map((first, i) => [first.lane, i]));
  for (const [process, l] of lane) lane.set(process, place.get(l));
  return lane;
}

// lanesByKey gives each key as many lanes as it has operations at once.
export function lanesByKey(data) {
  const keys = data.keys;
  const order = keys.values.map((_, g) => g);
  const names = keys.values.map((v) => data.text(v, 60));
  order.sort((a, b) => names[a].localeCompare(names[b], "en", { numeric: true }));
  const laneOf = new Uint32Array(data.count);
  const labels = [], groups = [];
  let first = 0;
  for (const [place, g] of order.entries()) {
    const busy = [];
    for (let k = keys.starts[g]; k < keys.starts[g + 1]; k++) {
      const row = keys.rows[k];
      let l = 0;
      while (l < busy.length && busy[l] > data.invoke[row]) l++;
      busy[l] = data.stop(row);
      laneOf[row] = first + l;
    }
    for (let l = 0; l < busy.length; l++) {
      labels.push(l === 0 ? names[g] || "(no key)" : "");
      groups.push(place);
    }
    first += busy.length;
  }
  return { by: "key", count: first, laneOf, label: (lane) => labels[lane], groups, ...bucketRows(laneOf, first) };
}
