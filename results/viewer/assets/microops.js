// The values of transactions, as JSON or EDN has them: lists of [function, key, value].

const lastElements = 4;

// transactionText is a transaction in a few words: "r x → [1 2], append y 3". known says that reads have what they found. Null for
// what is no transaction; of a text that was cut off, the last step is left open.
export function transactionText(value, known) {
  const steps = elements(value);
  if (!steps || steps.length === 0 || !steps[0].startsWith("[")) return null;
  const words = steps.map((step) => (step.endsWith("]") ? stepText(elements(step), known) : "…"));
  return words.includes(null) ? null : words.join(", ");
}

function stepText(parts, known) {
  if (!parts || parts.length !== 3 || !/^[:"]?[a-z]+"?$/.test(parts[0])) return null;
  const [f, key, value] = parts.map(plain);
  if (f !== "r" && f !== "scan") return `${f} ${key} ${value}`;
  return known ? `${f} ${key} → ${lastOf(value)}` : `${f} ${key}`;
}

// plain is a word without the marks of a text or a keyword.
function plain(word) {
  return word.replace(/^:/, "").replace(/^"([^"\\]*)"$/, "$1").replace(/^nil$/, "null");
}

// lastOf is a list of which the end matters.
function lastOf(value) {
  const all = elements(value);
  if (!all) return value;
  return `[${all.length > lastElements ? "… " : ""}${all.slice(-lastElements).join(" ")}]`;
}

// elements are those of a list, which commas and spaces separate; null for what is no list.
function elements(text) {
  if (!text.startsWith("[")) return null;
  const found = [];
  let from = 1, depth = 0, quoted = false;
  const end = (i) => i > from && found.push(text.slice(from, i));
  for (let i = 1; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === "\\") i++;
      else quoted = c !== '"';
    } else if (c === '"') quoted = true;
    else if ("[{(".includes(c)) depth++;
    else if ("]})".includes(c) && --depth < 0) {
      end(i);
      return found;
    } else if (depth === 0 && (c === "," || c === " ")) {
      end(i);
      from = i + 1;
    }
  }
  end(text.length); // it was cut off
  return found;
}
