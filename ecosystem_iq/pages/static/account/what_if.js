// What if these stakeholders were engaged: how many can then be expected to be moved, and who would be missed most.
// Everything here is about state.engaged, the people marked by the reader; who truly is engaged is data.covered.
state.reached = false; // whether the map is coloured by the chance of being moved
const SHOWN_FIRST = 12; // of those marked
const proposed = (data.triggers?.rows ?? []).map((row) => row.node);
const isMarked = (i) => state.engaged.has(i);

// What is worked out is kept until other people are marked.
const worked = { key: "", marked: null, lost: null, chances: null, baseline: null };
function reachNow() {
  const seeds = [...state.engaged].sort((a, b) => a - b);
  const key = seeds.join();
  if (worked.marked && key === worked.key) return worked.marked;
  Object.assign(worked, { key, marked: samples.spread(seeds), lost: null, chances: null });
  return worked.marked;
}
function lostNow() {
  const marked = reachNow();
  worked.lost ??= new Map(samples.losses([...state.engaged], marked).map((lost, k) => [[...state.engaged][k], lost]));
  return worked.lost;
}
function chancesNow() { const marked = reachNow(); worked.chances ??= samples.chances(marked); return worked.chances; }
function baseline() { worked.baseline ??= samples.spread(data.covered); return worked.baseline; }

const digits = (value) => (Math.abs(value) >= 10 ? 1 : 2);
const round = (value, to = value) => value.toFixed(digits(to));
const give = ({ mean, error }) => `${round(mean)}\u00a0±\u00a0${round(error, mean)}`;

function engage(list, { only = false } = {}) {
  if (only) state.engaged.clear();
  list.forEach((i) => state.engaged.add(i));
  update();
}
function toggleEngaged(i) { if (!state.engaged.delete(i)) state.engaged.add(i); update(); }
// Their row is gone: keyboard focus goes to the next one, or to the title.
function release(i) {
  const at = window.iq.hooks("what-if-remove").findIndex((each) => each.dataset.node === String(i));
  state.engaged.delete(i);
  update();
  const rows = window.iq.hooks("what-if-remove");
  (rows[Math.min(at, rows.length - 1)] ?? hook("what-if-title")).focus();
}
function clearEngaged() {
  state.engaged.clear();
  state.reached = unfolded = false;
  update();
  hook("what-if-title").focus();
}

function startButtons() {
  const button = (name, text, act) => el("button", { type: "button", "data-hook": name, onclick: act }, text);
  const already = data.covered.length;
  return el("div", { class: "choices" },
    already ? button("what-if-covered", `Start from the ${already.toLocaleString("en")} already engaged`, () => engage(data.covered, { only: true })) : null,
    proposed.length ? button("what-if-proposed", `Add the ${proposed.length.toLocaleString("en")} proposed`, () => engage(proposed)) : null,
    state.engaged.size ? button("what-if-clear", "Clear", clearEngaged) : null);
}

function resultRows() {
  const { total } = reachNow();
  const rows = [el("p", { class: "reach" }, el("strong", { "data-hook": "what-if-reach" }, give(total)), ` of ${plural(count, "stakeholder", "stakeholders")} expected to be moved (${percent(total.mean / count)})`),
    el("p", { class: "soft", "data-hook": "what-if-range" }, `In 90\u00a0% of the draws, ${total.low} to ${total.high}. Those marked are counted.`)];
  if (data.covered.length) {
    const more = samples.beyond(reachNow(), baseline());
    rows.push(el("p", { "data-hook": "what-if-change" }, el("strong", {}, `+${give(more)}`), ` beyond what the ${data.covered.length.toLocaleString("en")} already engaged move (${round(baseline().total.mean)})`));
  }
  const worth = people.value.map((value) => value ?? 0);
  const whole = worth.reduce((sum, value) => sum + value, 0);
  if (whole > 0) {
    const { mean, error } = samples.weighed(reachNow(), worth);
    rows.push(el("p", { "data-hook": "what-if-value" }, el("strong", {}, `${(100 * mean / whole).toFixed(1)}\u00a0±\u00a0${(100 * error / whole).toFixed(1)}\u00a0%`), " of the account’s value lies with those moved"));
  }
  return rows;
}

function markedRow(i) {
  const loss = samples.loss(i, reachNow());
  const name = people.name[i] || "(no name)";
  return el("li", {},
    el("button", { type: "button", class: "plain person", "data-hook": "what-if-person", "data-node": i, onclick: () => focusOn(i) }, symbolOf(i),
      el("span", { class: "who" }, el("span", { class: "name", dir: "auto" }, clip(name, 80))),
      el("span", { class: "figure" }, `−${give(loss)}`)),
    el("button", { type: "button", class: "plain remove", "data-hook": "what-if-remove", "data-node": i, "aria-label": `Unmark ${isolate(clip(name, 80))}`, onclick: () => release(i) }, "✕"));
}
let unfolded = false;
function markedList() {
  const lost = lostNow();
  const order = [...state.engaged].sort((a, b) => lost.get(b) - lost.get(a) || a - b);
  const some = unfolded ? order : order.slice(0, SHOWN_FIRST);
  const rest = order.length - some.length;
  return [
    el("div", { class: "list-head" }, el("h3", {}, `Marked (${order.length.toLocaleString("en")})`), el("span", { class: "soft" }, "lost without them")),
    el("ul", { class: "people marked", "data-hook": "what-if-marked" }, some.map(markedRow)),
    rest > 0 ? el("button", { type: "button", class: "plain all", "data-hook": "what-if-more", onclick: () => { unfolded = true; update(); } }, `Show ${rest.toLocaleString("en")} more`) : null,
  ];
}

// Colours by a square root: most chances are small, and would look alike.
const chanceColor = (chance) => ramp(scaleOf("sequential"), Math.sqrt(chance));
const showsReach = () => state.reached && state.engaged.size > 0;
// What the map's colours then mean, for legends outside the page.
const reachEntries = () => [0, 0.1, 0.25, 0.5, 1].map((chance) => ({ label: `Moved with ${Math.round(100 * chance)}\u00a0%`, color: chanceColor(chance), shape: "square", count: null }));
function reachKey() {
  const stops = Array.from({ length: 9 }, (_, k) => `${ramp(scaleOf("sequential"), k / 8)} ${(k / 8) * 100}%`);
  const bar = el("div", { class: "ramp", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${stops.join()})`;
  const marks = [0, 0.1, 0.5, 1].map((chance) => { const mark = el("span", {}, percent(chance).replace(".0", "")); mark.style.left = `${Math.sqrt(chance) * 100}%`; return mark; });
  return el("div", { class: "chances", "data-hook": "what-if-key" }, el("p", { class: "soft" }, "Chance of being moved"), bar, el("div", { class: "ticks" }, marks));
}
function reachSwitch() {
  const act = () => { state.reached = !state.reached; update(); };
  return [el("button", { type: "button", class: "wide", "data-hook": "what-if-show", "aria-pressed": String(state.reached), onclick: act }, "Show reach on the map"), state.reached ? reachKey() : null];
}
function smallPrint() {
  const moved = `Expected number moved on the map’s assumed probabilities (mean branching ${data.what_if.branching}), from ${samples.size.toLocaleString("en")} draws; ± is the standard error of so many.`;
  return el("p", { class: "soft fine" }, `${moved} Not a forecast; for human review.`);
}

let whatIfDrawn = null;
function drawWhatIf() {
  const now = [[...state.engaged].sort((a, b) => a - b).join(), state.reached, unfolded, state.colorBy, isDark()].join("|");
  if (now === whatIfDrawn) return;
  whatIfDrawn = now;
  const some = state.engaged.size > 0;
  const title = el("h2", { tabindex: "-1", "data-hook": "what-if-title" }, "What if");
  const hint = el("p", { class: "soft" }, "Nobody is marked as engaged: ", el("span", { "data-hook": "what-if-reach" }, "0"), " moved. Mark stakeholders (button in their details, or key E) and see how many they can be expected to move.");
  hook("what-if").replaceChildren(...[title, some ? resultRows() : hint, startButtons(), some ? [reachSwitch(), markedList(), smallPrint()] : null].flat(3).filter(Boolean));
}

// In the panel of a stakeholder.
function engageSection(i) {
  const own = isMarked(i) ? samples.loss(i, reachNow()) : samples.gain(i, reachNow());
  const others = state.engaged.size > (isMarked(i) ? 1 : 0);
  const alone = "expected to be moved, themselves included";
  const beside = isMarked(i) ? "of the expected reach would be lost without them" : "would be added to the expected reach";
  return el("div", { class: "engage" },
    el("button", { type: "button", "data-hook": "engage", "aria-pressed": String(isMarked(i)), "aria-keyshortcuts": "E", onclick: () => toggleEngaged(i) }, isMarked(i) ? el("span", { "aria-hidden": "true" }, "✓ ") : null, "Mark as engaged"),
    el("p", { class: "soft", "data-hook": "engage-gain" }, el("strong", {}, give(own)), ` ${others ? beside : alone}`));
}

// A ring with a tick around those marked, of the same width at every scale.
function drawRings(context) {
  const { scale } = viewOf();
  context.save();
  for (const i of state.engaged) {
    if (!scene.drawn[i] || !looks[i]) continue;
    const r = looks[i].size * (looks[i].shape === "square" ? 1.36 : 1.1) + 4 / scale;
    context.globalAlpha = scene.faded[i] ? 0.35 : 1;
    [[5, ink.paper], [2.4, ink.accent]].forEach(([width, color]) => circle(context, i, r, width / scale, color));
    tick(context, place.x[i] + r * Math.SQRT1_2, place.y[i] - r * Math.SQRT1_2, 1 / scale);
  }
  context.restore();

  function circle(on, i, r, width, color) {
    Object.assign(on, { lineWidth: width, strokeStyle: color });
    on.beginPath();
    on.arc(place.x[i], place.y[i], r, 0, 2 * Math.PI);
    on.stroke();
  }
  function tick(on, x, y, unit) {
    on.beginPath();
    on.arc(x, y, 5.5 * unit, 0, 2 * Math.PI);
    Object.assign(on, { fillStyle: ink.accent, strokeStyle: ink.paper, lineWidth: 1.6 * unit, lineJoin: "round", lineCap: "round" });
    on.fill();
    on.stroke();
    on.beginPath();
    for (const [dx, dy] of [[-2.4, 0.2], [-0.6, 2], [2.5, -1.8]]) on.lineTo(x + dx * unit, y + dy * unit);
    on.stroke();
  }
}

function onEngageKey(event) {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key.toLowerCase() !== "e" || typing || state.focus === null || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  toggleEngaged(state.focus);
}
function rememberEngaged() {
  remembered.push({
    key: "engaged",
    read: (text) => { state.engaged = new Set(text === "*" ? people.name.keys() : text.split(",").map(atSlug).filter((i) => i !== null)); },
    write: () => (state.engaged.size === count ? "*" : [...state.engaged].sort((a, b) => a - b).map(nameSlug).join()),
  });
  remembered.push({ key: "reach", read: (text) => { state.reached = text === "shown"; }, write: () => (state.reached ? "shown" : "") });
}
function makeWhatIf() {
  rememberEngaged();
  panelSections.push({ order: 15, make: engageSection });
  renderers.push(drawWhatIf);
  drawAbove.unshift(drawRings); // below numbers
  keyParts.push(() => (state.engaged.size ? [{ mark: { shape: "ring", stroke: ink.accent }, text: "Marked as engaged" }] : []));
  looksOfNode.push((i, look) => {
    if (isMarked(i)) look.ring = 7; // room which its label leaves
    if (showsReach()) look.color = chanceColor(chancesNow()[i]);
  });
  statusParts.push(() => (state.engaged.size ? `${state.engaged.size.toLocaleString("en")} marked as engaged: expect ${give(reachNow().total)} moved` : null));
  document.addEventListener("keydown", onEngageKey);
}
if (samples.size && count) makeWhatIf();
else if (data.what_if && count) hook("what-if").append(el("h2", {}, "What if"), el("p", { class: "soft", "data-hook": "what-if-none" }, `With more than ${data.what_if.most.toLocaleString("en")} stakeholders or very many ties, this page cannot try out whom to engage.`));
