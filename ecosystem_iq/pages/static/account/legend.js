// The legend is the filter: a row is a button, a double or Alt click leaves it alone on the map.
const legend = hook("legend");

function sampleOf(facet, index) {
  const colored = state.colorBy === facet;
  if (facet === "group") return symbol(index, 14, colored ? undefined : neutral());
  if (facet === "layer") return strokeSample(data.strokes[index], data.layers[index].structure || data.layers[index].mutual);
  if (facet === "community") return swatch(data.hues[index % data.hues.length], colored);
  if (colored) return shapeSample("dot", entryColor(facet, index), 14, index >= facets[facet].known);
  return null;
}
function swatch(hue, solid) {
  const tint = svg("rect", { x: 1, y: 2, width: 13, height: 10, rx: 3.5, fill: hue, "fill-opacity": solid ? 1 : 0.3, stroke: hue });
  return svg("svg", { viewBox: "0 0 15 14", width: 15, height: 14, "aria-hidden": "true" }, tint);
}

function legendRow(facet, entry, index) {
  return el("li", {}, facet === "community" && isCollapsible(index) ? openButton(index) : null, el("button", {
    type: "button", class: "plain key", "data-hook": `legend-${facet}`, "data-index": index, "aria-pressed": "true",
    title: facet === "layer" && entry.structure ? "Structure: carries no influence" : null,
    onclick: (event) => (event.altKey ? solo(facet, index) : toggle(facet, index)),
    ondblclick: () => solo(facet, index),
  }, el("span", { class: "mark" }, sampleOf(facet, index)), el("span", { class: "label", dir: "auto" }, clip(entry.label, 90)), el("span", { class: "count" }, entry.count.toLocaleString("en"))));
}
// Opens or closes a community which is shown as a bubble.
function openButton(c) {
  return el("button", { type: "button", class: "plain open", "data-hook": "open-community", "data-index": c, "aria-label": `Open ${clip(shortLabel(c), 90)} on the map`, onclick: () => openCommunity(c, isCollapsed(c)) },
    svg("svg", { viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true" }, svg("path", { d: "M3 1.5 7 5 3 8.5", fill: "none", stroke: "currentColor", "stroke-width": 1.5 })));
}
function legendRows(facet) {
  const rows = facets[facet].entries.map((entry, index) => (entry.count ? legendRow(facet, entry, index) : null));
  return el("ul", {}, rows);
}
const showAllButton = (facet) => el("button", { type: "button", class: "plain all", "data-hook": `all-${facet}`, "aria-label": `Show all: ${facets[facet].title}`, hidden: true, onclick: () => showAll(facet) }, "Show all");
function legendSection(facet) {
  return el("section", { "data-facet": facet }, el("div", { class: "head" }, el("h2", {}, facets[facet].title), showAllButton(facet)), legendRows(facet));
}

function makeLegend() {
  const keys = hook("keys");
  const wanted = ["group", "layer", "community"].filter((facet) => facets[facet].entries.filter((entry) => entry.count).length > (facet === "community" ? 1 : 0));
  keys.append(...wanted.map(legendSection));
  if (ties.sign.some((sign) => sign < 0)) keys.append(opposingSample());
  if (count) keys.append(el("p", { class: "hint" }, "Click to hide or show; double-click or Alt-click to show only one."));
}
function opposingSample() {
  const dashed = svg("path", { d: "M0 6H26", stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": "5 4" });
  const disc = [svg("circle", { cx: 13, cy: 6, r: 5, fill: "currentColor" }), svg("path", { d: "M10 6H16", class: "minus", stroke: "#fff", "stroke-width": 1.6 })];
  return el("section", {}, el("h2", {}, "Opposing"), el("p", { class: "sample" },
    el("span", { class: "negative" }, svg("svg", { viewBox: "0 0 26 12", width: 26, height: 12, "aria-hidden": "true" }, dashed, disc)), "opposes or competes"));
}

let keyedBy = null; // what the samples were last drawn for
function drawLegend() {
  const now = `${state.colorBy}|${isDark()}`;
  for (const button of legend.querySelectorAll(".key")) {
    const facet = button.dataset.hook.slice("legend-".length);
    button.setAttribute("aria-pressed", String(!state.off[facet].has(Number(button.dataset.index))));
    if (now !== keyedBy) button.querySelector(".mark").replaceChildren(sampleOf(facet, Number(button.dataset.index)) ?? "");
  }
  window.iq.hooks("open-community").forEach((button) => button.setAttribute("aria-expanded", String(!isCollapsed(Number(button.dataset.index)))));
  keyedBy = now;
  for (const facet of Object.keys(facets)) {
    const all = hook(`all-${facet}`);
    if (all) all.hidden = state.off[facet].size === 0;
  }
  hook("reset").style.visibility = isFiltered() ? "visible" : "hidden"; // keeps its room: rows must not move under the pointer
}

function drawStatus() {
  const parts = [
    `${scene.nodeTotal.toLocaleString("en")} of ${plural(count, "stakeholder", "stakeholders")}`,
    `${scene.tieTotal.toLocaleString("en")} of ${plural(tieCount, "tie", "ties")}`,
  ];
  if (state.focus !== null) {
    parts.push(`${scene.within.toLocaleString("en")} within ${plural(state.depth, "step", "steps")} of ${isolate(clip(people.name[state.focus] || "(no name)", 60))}`);
  }
  parts.push(...statusParts.map((part) => part()).filter(Boolean));
  hook("status").textContent = parts.join(" · ");
}
