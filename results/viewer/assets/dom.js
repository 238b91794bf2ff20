// el makes an element. Attributes whose names begin with "on" are listeners. Children are elements or texts; a text is never markup.
export function el(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

// svg makes an element of a drawing, as el makes others.
export function svg(tag, attributes = {}, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value);
  }
  e.append(...children.flat());
  return e;
}

// button is a button with a title that names its key.
export function button(text, title, onclick, attributes = {}) {
  return el("button", { type: "button", title, onclick, ...attributes }, text);
}

// fill replaces what is in an element.
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
}

const longText = 2000;

// longBlock shows a text that may be very long: its beginning, and the rest when asked for.
export function longBlock(text, show) {
  if (text.length <= longText) return el("bdi", { class: "value" }, show(text));
  const shown = el("bdi", { class: "value" }, show(text.slice(0, longText)) + "…");
  const more = button(`show all ${text.length.toLocaleString("en-US")} characters`, "", () => {
    shown.textContent = show(text);
    more.remove();
  });
  return el("span", {}, shown, " ", more);
}
