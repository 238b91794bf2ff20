import { hit } from "./hit.js";
import { minimapTime } from "./minimap.js";
import { showTip, hideTip } from "./tip.js";

// connectPointer lets wheel and drag move the view, and a click choose what is under it.
export function connectPointer(app) {
  const { canvas } = app;
  let drag = null;
  canvas.addEventListener("wheel", (e) => {
    e.preventDefault();
    wheel(app, e);
  }, { passive: false });
  canvas.addEventListener("pointerdown", (e) => {
    if (e.button !== 0) return;
    canvas.setPointerCapture(e.pointerId);
    drag = { x: e.offsetX, y: e.offsetY, t0: app.state.t0, t1: app.state.t1, scroll: app.state.scroll, moved: false };
  });
  canvas.addEventListener("pointermove", (e) => {
    app.pointer = e.offsetX;
    if (drag) dragTo(app, drag, e);
    else hover(app, e);
    app.repaint();
  });
  canvas.addEventListener("pointerup", (e) => {
    if (drag && !drag.moved) click(app, e);
    drag = null;
  });
  canvas.addEventListener("pointercancel", () => (drag = null));
  canvas.addEventListener("pointerleave", () => {
    app.pointer = null;
    hideTip();
    app.repaint();
  });
  app.onChange(hideTip); // what was under the pointer is elsewhere now
  canvas.addEventListener("dblclick", (e) => app.zoom(0.25, app.frame.time(e.offsetX)));
}

// wheel zooms where the pointer is; with shift it pans, and over a column of lanes that is too high, with alt, it scrolls.
function wheel(app, e) {
  const pixels = e.deltaMode === 1 ? 16 : 1;
  const dx = e.deltaX * pixels, dy = e.deltaY * pixels;
  if (e.shiftKey || Math.abs(dx) > Math.abs(dy)) app.pan((dx || dy) / app.frame.layout.plot);
  else if (e.altKey || e.offsetX < app.frame.layout.left) app.scroll(dy);
  else app.zoom(Math.exp(dy * 0.002), app.frame.time(e.offsetX));
}

function dragTo(app, drag, e) {
  const dx = e.offsetX - drag.x, dy = e.offsetY - drag.y;
  if (!drag.moved && Math.hypot(dx, dy) < 4) return;
  drag.moved = true;
  hideTip();
  app.state.scroll = drag.scroll - dy;
  const by = (dx / app.frame.layout.plot) * (drag.t1 - drag.t0);
  app.setWindow(drag.t0 - by, drag.t1 - by);
}

function hover(app, e) {
  const what = hit(app.frame, e.offsetX, e.offsetY);
  app.canvas.style.cursor = ["operation", "message", "fault"].includes(what.kind) ? "pointer" : "";
  showTip(app, what, e);
}

function click(app, e) {
  const what = hit(app.frame, e.offsetX, e.offsetY);
  if (what.kind === "operation") app.select(what.row);
  else if (what.kind === "message") app.selectMessage(what.message);
  else if (what.kind === "fault") app.selectFault(what.fault);
  else app.letGo();
}

// connectMinimap moves the view to where the pointer is on the minimap.
export function connectMinimap(app) {
  const { minimap } = app;
  let held = false;
  const move = (e) => {
    const half = (app.state.t1 - app.state.t0) / 2;
    const at = minimapTime(app.scene, minimap.clientWidth, e.offsetX);
    app.setWindow(at - half, at + half);
  };
  minimap.addEventListener("pointerdown", (e) => {
    held = true;
    minimap.setPointerCapture(e.pointerId);
    move(e);
  });
  minimap.addEventListener("pointermove", (e) => held && move(e));
  minimap.addEventListener("pointerup", () => (held = false));
  minimap.addEventListener("wheel", (e) => {
    e.preventDefault();
    app.zoom(Math.exp(e.deltaY * 0.002));
  }, { passive: false });
}
