import { button, el, fill } from "./dom.js";
import { brief, clockTime, duration, grouped, visible } from "./format.js";

// violationPanel shows the violations, the explanation of the one that is looked at, and how far an order of its operations comes.
export function violationPanel(app, panel) {
  const { violations } = app.data.meta;
  if (app.state.linearization !== null) {
    fill(panel, ...linearization(app, app.state.linearization));
    return;
  }
  if (violations.length === 0) {
    fill(panel, el("p", {}, app.data.meta.validity === "valid" ? "Nothing is wrong." : "Nothing is known to be wrong."), ...partList(app));
    return;
  }
  const v = app.scene.violation(app.state);
  fill(panel,
    el("div", { class: "choices", role: "group", "aria-label": "Violations" }, ...violations.map((x, i) =>
      button(choice(x, violations), brief(x.reason), () => app.showViolation(i), { "aria-pressed": String(i === app.state.violation), class: "violation " + x.validity }))),
    ...(v ? explanation(app, v) : [el("p", {}, "Choose a violation, or press ", el("kbd", {}, "v"), ".")]));
}

// subject says what a violation is about: a key, or a rule and where it was broken.
function subject(v) {
  if (v.key) return brief(v.key, 60);
  return v.on ? `${brief(v.rule, 40)} on ${brief(v.on, 40)}` : brief(v.rule, 60);
}

// choice is the subject of a violation, with the rule where other violations are about the same key.
function choice(v, violations) {
  const alone = !v.key || violations.every((other) => other === v || other.key !== v.key);
  return alone ? subject(v) : `${subject(v)}, ${brief(v.rule, 40)}`;
}

// linearization says what the points in the lanes are.
function linearization(app, key) {
  const title = el("h2", {}, `Linearization of ${key === "" ? "the operations" : "key " + brief(key, 60)}`);
  const leave = button("leave it", "Esc", () => app.showOrder(null));
  if (!app.scene.order) return [title, el("p", { class: "note" }, "Looking for it…"), leave];
  const order = app.scene.orderOf(key);
  if (order.length === 0) return [title, el("p", {}, "No order of them is known: there is none, or it was not found in time."), leave];
  const nearby = order.filter((r) => r.point >= app.state.t0 && r.point <= app.state.t1).slice(0, 200);
  return [title,
    el("p", {}, `${grouped(order.length)} operations took effect or observed something, each at the point in its bar, in the order of the numbers. The model accepts that order, and it keeps real time. ` +
      "What has no point failed, or nobody saw it take effect."),
    leave, el("h3", {}, "In view when it was opened"),
    el("ul", {}, ...nearby.map((r) => el("li", {},
      button(visible(app.data.name(r.row)), `place ${r.place}`, () => app.select(r.row, true)), el("span", { class: "note" }, ` ${r.place}`))))];
}

function partList(app) {
  return app.data.meta.parts.map((p) => el("div", { class: "part" }, el("b", { class: p.validity }, p.validity), " ", el("b", {}, brief(p.name)), el("p", {}, el("bdi", {}, brief(p.reason, 1000)))));
}

function explanation(app, v) {
  const parts = [el("h2", {}, `${v.key ? "key " : ""}${subject(v)}: `, el("span", { class: v.validity }, v.validity)),
    el("p", { class: "sentence" }, el("bdi", {}, brief(v.reason, 1000))),
    v.cause ? el("p", { class: "cause" }, el("b", {}, "Cause. "), el("bdi", {}, brief(v.cause, 1000))) : null];
  if (v.operations.length === 0) return [...parts, ...unshown(app, v)];
  const steps = app.scene.attempts[app.state.violation];
  const shown = steps && app.state.step >= 0 ? (steps.orders[app.state.attempt] || []).slice(0, app.state.step) : [];
  return [...parts, ...(v.cycle ? reasons(app, v.cycle) : []),
    el("h3", {}, `${v.operations.length} operations that ${v.ordered ? "cannot be linearized" : "show it"}`),
    el("ol", { class: "involved" }, ...v.operations.map((o) => involvedItem(app, o, shown))),
    ...(v.ordered ? stepper(app, v, steps) : [])];
}

// reasons are the steps of a cycle in words.
function reasons(app, cycle) {
  const looked = app.scene.arrow(app.state);
  return [el("h3", {}, "Each comes before the next"),
    el("ol", { class: "reasons" }, ...cycle.arrows.map((arrow) => {
      const step = button("", "go there (.)", () => app.showArrow(arrow.step), { class: `operation${arrow === looked ? " lit" : ""}`, "aria-pressed": String(arrow.step === app.state.arrow), "data-step": arrow.step });
      step.append(el("b", { "data-kind": arrow.kind }, arrow.label.text), " ", el("bdi", {}, brief(arrow.sentence, 1000)));
      for (const event of ["pointerenter", "focus"]) step.addEventListener(event, () => app.pointAt(arrow.step));
      for (const event of ["pointerleave", "blur"]) step.addEventListener(event, () => app.pointAt(-1));
      return el("li", {}, step);
    }))];
}

// unshown says what is known of a violation that no operations show.
function unshown(app, v) {
  if (v.at > 0) return [button(`it came to light at ${clockTime(v.at, 1e6)}`, "go there", () => app.setWindow(v.at - 5e8, v.at + 5e8))];
  if (v.count === 0) return [];
  return [el("p", { class: "note" }, `It has ${grouped(v.count)} operations, and no few of them that explain it were found in time.`)];
}

function involvedItem(app, o, shown) {
  const place = shown.findIndex((s) => s.row === o.row);
  const span = o.pending ? `${duration(app.data.invoke[o.row])} on` : `${duration(app.data.invoke[o.row])} + ${duration(app.data.stop(o.row) - app.data.invoke[o.row])}`;
  const choose = button("", "go to it", () => app.select(o.row, true), { class: "operation", "aria-pressed": String(app.state.operation === o.row) });
  choose.append(el("bdi", {}, visible(o.text)), el("small", {}, `process ${app.data.process[o.row]} · ${span}`));
  return el("li", {}, choose, place >= 0 ? el("span", { class: "badge" }, String(place + 1)) : null);
}

// stepper goes through what porcupine tried, one operation at a time.
function stepper(app, v, steps) {
  if (!steps) return [el("p", { class: "note" }, "Looking at what porcupine tries…")];
  const orders = steps.orders;
  const parts = [el("h3", {}, "Attempts to order them")];
  if (orders.length === 0) return [...parts, el("p", { class: "note" }, steps.note || stuckAtOnce(app, steps))];
  const { attempt, step } = app.state;
  const order = orders[attempt] || orders[0];
  parts.push(
    el("div", { class: "stepper" },
      button("◂", "previous attempt (<)", () => app.setStep(attempt - 1, 0)), el("span", {}, `attempt ${attempt + 1} of ${orders.length}`), button("▸", "next attempt (>)", () => app.setStep(attempt + 1, 0)),
      button("◂", "step back (,)", () => app.setStep(attempt, step - 1)), el("span", {}, `step ${Math.max(0, step)} of ${order.length}`), button("▸", "step forward (.)", () => app.setStep(attempt, step + 1))),
    el("ol", { class: "steps" }, ...order.map((s, i) => el("li", { class: i < step ? "done" : "" },
      button(visible(app.data.name(s.row)), "", () => app.select(s.row, true)), el("span", { class: "state" }, i < step ? " → " + visible(s.state) : "")))));
  if (step >= order.length) parts.push(...stuck(app, steps, order));
  return parts;
}

// stuck says what could come next and why it cannot.
function stuck(app, steps, order) {
  const placed = new Set(order.map((s) => s.row));
  const left = steps.rows.filter((r) => !placed.has(r));
  if (left.length === 0) return [el("p", { class: "note" }, "All of them have an order here.")];
  const soonest = Math.min(...left.map((r) => (app.scene.isOpen(r) ? Infinity : app.data.returned[r])));
  const next = left.filter((r) => app.data.invoked[r] < soonest);
  const state = order.length > 0 ? visible(order.at(-1).state) : "what it is at first";
  return [el("p", { class: "stuck" }, el("b", {}, "Stuck. "), `The object holds ${state}, and of what has to come next, nothing can happen there:`),
    el("ul", {}, ...next.map((r) => el("li", {}, button(visible(app.data.name(r)), "go to it", () => app.select(r, true)))))];
}

function stuckAtOnce(app, steps) {
  return steps.rows.length > 0 ? "None of them can come first." : "There is nothing to try.";
}
