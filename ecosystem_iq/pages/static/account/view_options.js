// How the map is drawn: its layout, and what colour and size mean.
function optionRow(name, label, options, field, after) {
  const select = el("select", { "data-hook": name, onchange: () => { state[field] = select.value; update(); after?.(); } },
    options.map(({ id, label: text }) => el("option", { value: id }, clip(text, 60))));
  return el("label", { class: "option", hidden: options.length < 2 }, el("span", {}, label), select);
}
function makeOptions() {
  if (!count) return;
  hook("options").append(
    optionRow("layout", "Layout", data.layouts, "layout", () => (scene.dimmed ? showNeighbourhood() : fit(true, JOURNEY))),
    optionRow("color-by", "Colour", colorings(), "colorBy"),
    optionRow("size-by", "Size", data.measures.filter(hasValues), "sizeBy"));
}
function drawOptions() {
  if (!count) return;
  hook("layout").value = state.layout;
  hook("color-by").value = state.colorBy;
  hook("size-by").value = state.sizeBy;
}

// The scale of a measure's colours, with its least, middle and greatest value.
function rampKey() {
  const measure = measureOf(state.colorBy);
  const bar = el("div", { class: "ramp", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${scaleOf("sequential").join()})`;
  const column = people[measure.id];
  const [low, high] = rangeOf(column);
  const ticks = low < high ? [low, low + (high - low) / 4, high] : [low];
  const missing = column.filter((value) => value === null).length;
  return el("section", { "data-hook": "ramp" }, el("h2", {}, measure.label), bar,
    el("div", { class: "ticks" }, ticks.map((value) => el("span", {}, measureText(measure, value)))),
    missing ? el("p", { class: "sample" }, shapeSample("dot", unknownColor(), 12, true), `not known (${missing.toLocaleString("en")})`) : null,
    measure.meaning ? el("p", { class: "meaning" }, measure.meaning) : null);
}
// The key of what colour means stands first; a facet's own list becomes its key.
let ramped = null;
function drawKeys() {
  const now = `${state.colorBy}|${isDark()}`;
  if (now === ramped || !count) return;
  ramped = now;
  hook("ramp")?.remove();
  const keys = hook("keys");
  keys.querySelectorAll("details").forEach((list) => { list.open = false; hook("narrow-lists").append(list); });
  const own = hook("narrow-lists").querySelector(`details[data-facet="${CSS.escape(state.colorBy)}"]`);
  if (own) { own.open = true; keys.prepend(own); }
  else if (!facets[state.colorBy]) keys.prepend(rampKey());
}
