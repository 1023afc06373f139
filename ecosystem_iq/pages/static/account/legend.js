// The legend is the filter: a row is a button, a double or Alt click leaves it alone on the map.
const legend = hook("legend");

function sampleOf(facet, index) {
  if (facet === "group") return symbol(index);
  if (facet === "layer") return strokeSample(data.strokes[index], data.layers[index].structure || data.layers[index].mutual);
  const tint = svg("rect", { x: 1, y: 2, width: 13, height: 10, rx: 3.5, fill: data.hues[index % data.hues.length], "fill-opacity": 0.3, stroke: data.hues[index % data.hues.length] });
  return svg("svg", { viewBox: "0 0 15 14", width: 15, height: 14, "aria-hidden": "true" }, tint);
}

function legendRow(facet, entry, index) {
  return el("li", {}, el("button", {
    type: "button", class: "plain key", "data-hook": `legend-${facet}`, "data-index": index, "aria-pressed": "true",
    title: facet === "layer" && entry.structure ? "Structure: carries no influence" : null,
    onclick: (event) => (event.altKey ? solo(facet, index) : toggle(facet, index)),
    ondblclick: () => solo(facet, index),
  }, sampleOf(facet, index), el("span", { class: "label", dir: "auto" }, clip(entry.label, 90)), el("span", { class: "count" }, entry.count.toLocaleString("en"))));
}

function legendSection(facet) {
  const { title, entries } = facets[facet];
  const all = el("button", { type: "button", class: "plain all", "data-hook": `all-${facet}`, hidden: true, onclick: () => showAll(facet) }, "Show all");
  return el("section", {}, el("div", { class: "head" }, el("h2", {}, title), all),
    el("ul", {}, entries.map((entry, index) => (entry.count ? legendRow(facet, entry, index) : null))));
}

function makeLegend() {
  const wanted = ["group", "layer", "community"].filter((facet) => facets[facet].entries.filter((entry) => entry.count).length > (facet === "community" ? 1 : 0));
  legend.append(...wanted.map(legendSection));
  if (ties.sign.some((sign) => sign < 0)) {
    const dashed = svg("path", { d: "M0 6H26", stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": "5 4" });
    const disc = [svg("circle", { cx: 13, cy: 6, r: 5, fill: "currentColor" }), svg("path", { d: "M10 6H16", class: "minus", stroke: "#fff", "stroke-width": 1.6 })];
    legend.append(el("section", {}, el("h2", {}, "Opposing"), el("p", { class: "sample" },
      el("span", { class: "negative" }, svg("svg", { viewBox: "0 0 26 12", width: 26, height: 12, "aria-hidden": "true" }, dashed, disc)), "opposes or competes")));
  }
  if (count) legend.append(el("p", { class: "hint" }, "Click to hide or show; double-click or Alt-click to show only one."));
}

function drawLegend() {
  for (const button of legend.querySelectorAll(".key")) {
    const facet = button.dataset.hook.slice("legend-".length);
    button.setAttribute("aria-pressed", String(!state.off[facet].has(Number(button.dataset.index))));
  }
  for (const facet of Object.keys(facets)) {
    const all = hook(`all-${facet}`);
    if (all) all.hidden = state.off[facet].size === 0;
  }
}

function drawStatus() {
  const parts = [
    `${scene.nodeTotal.toLocaleString("en")} of ${plural(count, "stakeholder", "stakeholders")}`,
    `${scene.tieTotal.toLocaleString("en")} of ${plural(tieCount, "tie", "ties")}`,
  ];
  if (state.focus !== null) {
    parts.push(`${scene.within.toLocaleString("en")} within ${plural(state.depth, "step", "steps")} of ${isolate(clip(people.name[state.focus] || "(no name)", 60))}`);
  }
  hook("status").textContent = parts.join(" · ");
}
