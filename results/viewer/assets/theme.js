// Colours are those of the style sheet, so that the canvas and the page around it have one theme.

const colorNames = [
  "paper", "card", "line", "ink", "faint", "link", "ok", "fail", "info", "on-bar", "invalid", "valid", "mark",
  "leader", "follower", "candidate", "down", "paused", "fault-0", "fault-1", "fault-2", "fault-3", "fault-4", "fault-5",
  "past", "future", "commit", "log", "client", "ww", "wr", "rw",
];

// readTheme reads the colours that hold now.
export function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const theme = {};
  for (const name of colorNames) theme[name] = style.getPropertyValue("--" + name).trim();
  theme.outcomes = [theme.ok, theme.fail, theme.info];
  theme.pixels = theme.outcomes.map(pixel);
  theme.hatch = hatch(theme["on-bar"], theme.info);
  theme.wait = hatch(theme.paper, theme.paused);
  return theme;
}

export const smallFont = '11px ui-monospace, "Liberation Mono", Menlo, monospace';
export const labelFont = '12px system-ui, "Liberation Sans", Arial, sans-serif';
export const smallWidth = 6.7; // of a character

// pixel is a colour as a number that an ImageData of bytes holds, opaque.
function pixel(color) {
  const n = parseInt(color.slice(1), 16);
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}

// hatch is a pattern of diagonals.
function hatch(lines, ground) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const c = tile.getContext("2d");
  c.fillStyle = ground;
  c.fillRect(0, 0, 8, 8);
  c.strokeStyle = lines;
  c.globalAlpha = 0.55;
  c.lineWidth = 1.2;
  c.beginPath();
  for (const d of [-8, 0, 8]) {
    c.moveTo(d - 1, 9);
    c.lineTo(d + 9, -1);
  }
  c.stroke();
  return c.createPattern(tile, "repeat");
}

const themeChoices = ["auto", "light", "dark"];

// nextTheme goes on to the next choice and remembers it, where the browser lets it.
export function nextTheme() {
  const now = document.documentElement.dataset.theme || "auto";
  setTheme(themeChoices[(themeChoices.indexOf(now) + 1) % themeChoices.length]);
}

export function setTheme(choice) {
  if (choice === "auto" || !themeChoices.includes(choice)) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  try {
    localStorage.setItem("faultline-theme", choice);
  } catch {
    // A page from a disk may have no storage.
  }
}

export function rememberedTheme() {
  try {
    return localStorage.getItem("faultline-theme") || "auto";
  } catch {
    return "auto";
  }
}
