// Numbers and times as people read them.

const units = [["s", 1e9], ["ms", 1e6], ["µs", 1e3], ["ns", 1]];

// duration is a number of nanoseconds in the largest unit that is not larger, to four digits after the point at most.
export function duration(ns) {
  for (const [unit, size] of units) {
    if (Math.abs(ns) >= size) return String(Number((ns / size).toFixed(size === 1e9 ? 4 : 3))) + " " + unit;
  }
  return "0 s";
}

// clockTime is a moment of the run, in seconds, to as many digits as a step of the given size needs.
export function clockTime(ns, step) {
  const digits = Math.max(0, Math.min(9, Math.ceil(9 - Math.log10(Math.max(1, step)) - 1e-9)));
  return (ns / 1e9).toFixed(digits) + "s";
}

// grouped is a whole number with separators.
export function grouped(n) {
  return n.toLocaleString("en-US");
}

// niceStep is a step of 1, 2 or 5 times a power of ten, so that a range has about so many.
export function niceStep(range, count) {
  const raw = range / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  for (const factor of [1, 2, 5, 10]) {
    if (factor * power >= raw) return factor * power;
  }
  return 10 * power;
}

// visible is a text in one line: what would move the cursor or turn the direction of text round is shown as what it is.
export function visible(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

// brief is as much of a text as a line has room for, made visible.
export function brief(text, most = 300) {
  return visible(text.length > most ? text.slice(0, most) + "…" : text);
}
