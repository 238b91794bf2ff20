import { toggleHelp } from "./help.js";
import { nextTheme } from "./theme.js";

// keyTable is what the help lists: keys and what they are for.
export const keyTable = [
  ["← →", "earlier, later"],
  ["Shift ← →", "by a whole screen"],
  ["↑ ↓", "scroll the lanes"],
  ["+ −", "zoom in, out"],
  ["0", "the whole run"],
  ["Home End", "begin, end of the run"],
  ["v V", "next, previous violation"],
  ["n N", "next, previous operation of those found, or involved"],
  ["[ ]", "previous, next operation in the lane"],
  ["j k", "operation in the lane below, above"],
  [". ,", "step forward, back through an attempt to order them, or round the cycle"],
  ["> <", "next, previous attempt"],
  ["o", "the linearization of the chosen operation's key"],
  ["l", "lanes by process or by key"],
  ["p", "plots of rate and latency"],
  ["g", "graph of the violation, if it is a cycle"],
  ["m", "messages between the nodes, if they were recorded"],
  ["( )", "previous, next message"],
  ["h", "what happened before and after the chosen message or operation"],
  ["/", "search"],
  ["t", "theme: as the system has it, light, dark"],
  ["Esc", "let go: first of the choice, then of the arrow, then of the violation"],
  ["?", "legend and keys"],
];

const actions = {
  ArrowLeft: (app, e) => app.pan(e.shiftKey ? -1 : -0.15),
  ArrowRight: (app, e) => app.pan(e.shiftKey ? 1 : 0.15),
  ArrowUp: (app) => app.scroll(-40),
  ArrowDown: (app) => app.scroll(40),
  "+": (app) => app.zoom(0.6),
  "=": (app) => app.zoom(0.6),
  "-": (app) => app.zoom(1 / 0.6),
  0: (app) => app.setWindow(0, app.data.end),
  Home: (app) => app.setWindow(0, app.state.t1 - app.state.t0),
  End: (app) => app.setWindow(app.data.end - (app.state.t1 - app.state.t0), app.data.end),
  v: (app) => turnViolation(app, 1),
  V: (app) => turnViolation(app, -1),
  n: (app) => app.next(1),
  N: (app) => app.next(-1),
  "]": (app) => app.beside(1),
  "[": (app) => app.beside(-1),
  j: (app) => app.across(1),
  k: (app) => app.across(-1),
  ".": (app) => turnStep(app, 1),
  ",": (app) => turnStep(app, -1),
  ">": (app) => app.setStep(app.state.attempt + 1, 0),
  "<": (app) => app.setStep(app.state.attempt - 1, 0),
  o: (app) => toggleOrder(app),
  l: (app) => toggleLanes(app),
  p: (app) => toggle(app, "plots"),
  g: (app) => toggle(app, "graph"),
  m: (app) => toggle(app, "messages"),
  ")": (app) => turnMessage(app, 1),
  "(": (app) => turnMessage(app, -1),
  h: (app) => toggleCone(app),
  t: () => nextTheme(),
  "?": () => toggleHelp(),
  "/": () => document.getElementById("query").focus(),
  Escape: (app) => letGo(app),
};

// connectKeyboard does what a key stands for, wherever the focus is but in a field or list of its own.
export function connectKeyboard(app) {
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea, dialog")) return;
    const onButton = e.target.closest("button, a, summary, .panel");
    if (onButton && /^(Arrow|Home|End)/.test(e.key)) return;
    const action = actions[e.key];
    if (!action) return;
    e.preventDefault();
    action(app, e);
  });
}

function turnViolation(app, step) {
  const n = app.data.meta.violations.length;
  if (n > 0) app.showViolation((app.state.violation + step + n + (app.state.violation < 0 && step < 0 ? 1 : 0)) % n);
}

// turnStep goes on through an attempt, or round the cycle.
function turnStep(app, by) {
  const { state } = app, n = app.scene.cycle(state)?.arrows.length ?? 0;
  if (n === 0) app.setStep(state.attempt, state.step + by);
  else app.showArrow((state.arrow + by + n + (state.arrow < 0 && by < 0 ? 1 : 0)) % n);
}

export function toggleLanes(app) {
  const before = app.scene.lanes(app.state.lanes);
  app.state.lanes = before.by === "key" ? "process" : "key";
  app.state.scroll = 0;
  const v = app.scene.violation(app.state);
  const row = app.state.operation >= 0 || !v || v.operations.length === 0 ? app.state.operation : v.operations[0].row;
  if (row >= 0) {
    app.paintNow();
    app.revealLane(row);
  }
  app.changed();
}

export function toggleOrder(app) {
  const { linearization, operation } = app.state;
  if (linearization !== null || operation < 0) app.showOrder(null);
  else app.showOrder(app.data.text(app.data.key[operation]));
}

export function toggle(app, flag) {
  app.state[flag] = !app.state[flag];
  app.changed();
}

// toggleCone shows what happened before and after the chosen message, or the first one of the chosen operation.
function toggleCone(app) {
  const first = app.state.operation < 0 ? -1 : app.scene.messages.ofOperation(app.state.operation);
  if (first >= 0) {
    Object.assign(app.state, { messages: true, cone: true });
    app.selectMessage(first);
  } else toggle(app, "cone");
}

function turnMessage(app, step) {
  const m = app.scene.messages;
  if (m.count === 0) return;
  app.state.messages = true;
  const from = app.state.message < 0 ? m.firstFrom(app.state.t0) - (step > 0 ? 1 : 0) : app.state.message;
  app.selectMessage(Math.max(0, Math.min(m.count - 1, from + step)));
}

function letGo(app) {
  const { operation, message, fault } = app.state;
  if (operation >= 0 || message >= 0 || fault >= 0) app.letGo();
  else if (app.state.linearization !== null) app.showOrder(null);
  else if (app.state.arrow >= 0) app.showArrow(-1);
  else app.showViolation(-1);
}
