// Filters beyond the legend: attributes of stakeholders, kinds of tie, confidence, and time.
const UNSURE = 0.5; // what an unknown confidence counts as
const months = (() => { // the first and the last which any tie names
  const days = [...new Set([...ties.since, ...ties.until, ...ties.confirmed])].filter((day) => /^\d{4}-\d{2}/.test(day)).sort();
  return days.length ? [days[0].slice(0, 7), days.at(-1).slice(0, 7)] : null;
})();
const monthNumber = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const monthOf = (number) => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;
const monthText = (month) => new Date(`${month}-15`).toLocaleDateString("en", { month: "short", year: "numeric", timeZone: "UTC" });

// Whether a tie is sure enough and existed in the chosen time. Known to exist: from its start (or else the day it was
// confirmed) to its end; a tie without dates always.
const sureEnough = (t) => (ties.confidence[t] ?? UNSURE) >= state.range.confidence[0] - 1e-9;
function existed(t) {
  const [from, to] = state.range.since;
  const start = (ties.since[t] || ties.confirmed[t]).slice(0, 7);
  const end = ties.until[t].slice(0, 7);
  return !(to && start > to) && !(from && end && end < from);
}
function tieRanges() {
  const least = state.range.confidence[0] > 0;
  const time = state.range.since.some(Boolean);
  return (t) => (!least || sureEnough(t)) && (!time || existed(t));
}
const isFiltered = () => state.range.confidence[0] > 0 || state.range.since.some(Boolean) || Object.values(state.off).some((off) => off.size);
function resetFilters() {
  Object.values(state.off).forEach((off) => off.clear());
  state.range = { confidence: [0], since: [null, null] };
  update();
}
let waiting = false; // a slider says more than a page can draw
function updateSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; update(); });
}

function facetList(facet) {
  return el("details", { "data-facet": facet, "data-hook": `facet-${facet}` },
    el("summary", {}, el("span", {}, clip(facets[facet].title, 60)), el("span", { class: "hidden-count", "data-hook": `hidden-${facet}` })),
    el("div", { class: "head" }, showAllButton(facet)), legendRows(facet));
}
function makeFilters() {
  if (!count) return;
  const lists = Object.keys(facets).filter((facet) => facets[facet].extra && facets[facet].entries.filter((entry) => entry.count).length > 1);
  const sliders = [ties.confidence.some((value) => value !== null) ? confidenceSlider() : null, months && months[0] < months[1] ? timeSlider() : null].filter(Boolean);
  hook("narrow").append(...(lists.length || sliders.length ? [el("h2", {}, "Filters")] : []), el("div", { "data-hook": "narrow-lists" }, lists.map(facetList)), ...sliders);
}
function confidenceSlider() {
  const input = el("input", {
    type: "range", id: "confidence", "data-hook": "confidence", min: 0, max: 100, step: 5, value: 0,
    oninput: () => { state.range.confidence = [Number(input.value) / 100]; updateSoon(); },
  });
  return el("div", { class: "slider" }, el("label", { for: "confidence" }, "Confidence", el("output", { "data-hook": "confidence-value", for: "confidence" })), input,
    el("p", { class: "about", "data-hook": "confidence-count" }));
}
// Two handles on one track; each stays on its side of the other.
function timeSlider() {
  const [least, most] = months.map(monthNumber);
  const choose = (side) => () => {
    const [from, to] = ["since-from", "since-to"].map((name) => hook(name));
    if (side === 0) from.value = Math.min(from.value, to.value); else to.value = Math.max(from.value, to.value);
    state.range.since = [Number(from.value) > least ? monthOf(Number(from.value)) : null, Number(to.value) < most ? monthOf(Number(to.value)) : null];
    updateSoon();
  };
  const handle = (name, label, side) => el("input", { type: "range", "data-hook": name, "aria-label": label, min: least, max: most, step: 1, value: months[side] && monthNumber(months[side]), oninput: choose(side) });
  return el("div", { class: "slider", role: "group", "aria-label": "Time in which ties existed" },
    el("div", { class: "label" }, "Time", el("output", { "data-hook": "since-value" })),
    el("div", { class: "twin", "data-hook": "since" }, handle("since-from", "From", 0), handle("since-to", "To", 1)), el("p", { class: "about", "data-hook": "since-count" }));
}

function drawFilters() {
  for (const facet of Object.keys(facets)) {
    const note = hook(`hidden-${facet}`);
    if (note) note.textContent = state.off[facet].size ? `${state.off[facet].size} hidden` : "";
  }
  if (hook("confidence")) drawConfidence();
  if (hook("since")) drawTime();
}
const tiesPassing = (passing) => { let n = 0; for (let t = 0; t < tieCount; t += 1) n += passing(t) ? 1 : 0; return n; };
function drawConfidence() {
  const [least] = state.range.confidence;
  const input = hook("confidence");
  input.value = Math.round(least * 100);
  input.style.setProperty("--from", "0%");
  input.style.setProperty("--to", `${least * 100}%`);
  const text = least > 0 ? `at least ${percent(least)}` : "any";
  input.setAttribute("aria-valuetext", text);
  hook("confidence-value").textContent = text;
  hook("confidence-count").textContent = least > 0 ? `${tiesPassing(sureEnough).toLocaleString("en")} of ${plural(tieCount, "tie", "ties")}; not known counts as 50\u00a0%` : "";
}
function drawTime() {
  const [least, most] = months.map(monthNumber);
  const chosen = state.range.since.map((month, side) => month ?? months[side]);
  const at = (month) => `${(100 * (monthNumber(month) - least)) / (most - least)}%`;
  ["since-from", "since-to"].forEach((name, side) => {
    hook(name).value = monthNumber(chosen[side]);
    hook(name).setAttribute("aria-valuetext", monthText(chosen[side]));
  });
  hook("since-from").style.zIndex = monthNumber(chosen[0]) > (least + most) / 2 ? 2 : "";
  hook("since").style.setProperty("--from", at(chosen[0]));
  hook("since").style.setProperty("--to", at(chosen[1]));
  const narrowed = state.range.since.some(Boolean);
  hook("since-value").textContent = narrowed ? chosen.map(monthText).join(" – ") : "any time";
  hook("since-count").textContent = narrowed ? `${tiesPassing(existed).toLocaleString("en")} of ${plural(tieCount, "tie", "ties")}; those without dates stay` : "";
}
