// Pyramid counts what happened in each lane by outcome, in buckets of time, at every power of two of their
// width: what is drawn where operations are narrower than a pixel. Reading a row of pixels takes two or three
// buckets each, however many operations there are.

const mostCells = 1 << 22;
const mostBuckets = 1 << 15;

export class Pyramid {
  // times and lanes are columns; rows for which keep says no are left out.
  constructor(times, lanes, laneCount, outcomes, end, keep) {
    let buckets = mostBuckets;
    while (buckets > 64 && buckets * laneCount * 3 > mostCells) buckets /= 2;
    this.end = end;
    this.lanes = laneCount;
    this.levels = [];
    const base = { buckets, counts: new Uint32Array(buckets * laneCount * 3), most: 1 };
    const perTime = buckets / (end + 1);
    for (let i = 0; i < times.length; i++) {
      if (keep && !keep[i]) continue;
      base.counts[(lanes[i] * buckets + Math.floor(times[i] * perTime)) * 3 + outcomes[i]]++;
    }
    this.levels.push(base);
    while (this.levels.at(-1).buckets > 64) this.levels.push(this.halved(this.levels.at(-1)));
    for (const level of this.levels) level.most = mostIn(level);
  }

  halved(level) {
    const buckets = level.buckets / 2;
    const counts = new Uint32Array(buckets * this.lanes * 3);
    for (let lane = 0; lane < this.lanes; lane++) {
      for (let b = 0; b < buckets; b++) {
        const to = (lane * buckets + b) * 3, from = (lane * level.buckets + 2 * b) * 3;
        for (let o = 0; o < 3; o++) counts[to + o] = level.counts[from + o] + level.counts[from + 3 + o];
      }
    }
    return { buckets, counts, most: 1 };
  }

  // level is the coarsest one whose buckets are no wider than a time.
  level(width) {
    for (let k = this.levels.length - 1; k > 0; k--) {
      if ((this.end + 1) / this.levels[k].buckets <= width) return this.levels[k];
    }
    return this.levels[0];
  }

  // columns adds what happened in a lane to count, three numbers for each of n columns of time from t0 on.
  columns(lane, t0, width, n, count) {
    const level = this.level(width);
    const perTime = level.buckets / (this.end + 1);
    const base = lane * level.buckets;
    const from = Math.max(0, Math.floor(t0 * perTime)), to = Math.min(level.buckets, Math.ceil((t0 + n * width) * perTime));
    for (let b = from; b < to; b++) {
      const x = Math.floor((b / perTime - t0) / width);
      if (x < 0 || x >= n) continue;
      const at = (base + b) * 3;
      count[3 * x] += level.counts[at];
      count[3 * x + 1] += level.counts[at + 1];
      count[3 * x + 2] += level.counts[at + 2];
    }
    return level.most;
  }

  // buckets is how many buckets a span of time has in the finest level.
  buckets(span) {
    return (span / (this.end + 1)) * this.levels[0].buckets;
  }
}

function mostIn(level) {
  let most = 1;
  for (let i = 0; i < level.counts.length; i += 3) {
    const n = level.counts[i] + level.counts[i + 1] + level.counts[i + 2];
    if (n > most) most = n;
  }
  return most;
}
