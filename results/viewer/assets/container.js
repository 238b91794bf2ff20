// Containers as container.go writes them: an index in JSON, and typed arrays laid over the bytes behind it.

const arrayTypes = { u8: Uint8Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array };

// readContainer returns {meta, columns}, with the columns by name. It copies nothing.
export function readContainer(buffer) {
  const magic = new TextDecoder().decode(new Uint8Array(buffer, 0, 8));
  if (magic !== "FAULTVW1") throw new Error("this is no data of a run");
  const length = new DataView(buffer).getUint32(8, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 12, length)));
  const start = Math.ceil((12 + length) / 8) * 8;
  const columns = new Map();
  for (const s of index.sections) {
    columns.set(s.name, new arrayTypes[s.type](buffer, start + s.offset, s.length));
  }
  return { meta: index.meta, columns };
}

// unpack reads what a page has embedded: raw deflate in base64.
async function unpack(element) {
  const text = element.textContent;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

// loadContainer takes a container from the page if it is there, and from its address otherwise.
export async function loadContainer(name) {
  const embedded = document.getElementById(name);
  if (embedded) return readContainer(await unpack(embedded));
  const response = await fetch(document.body.dataset[name]);
  if (!response.ok) throw new Error(await response.text());
  return readContainer(await response.arrayBuffer());
}
