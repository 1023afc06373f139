// The strongest path along influence from one stakeholder to another: the form, the answer in words, and its marks on
// the map. While somebody is in focus, the map shows them instead, and the path waits.
const pathBox = hook("path");
let solved = null; // {key, shown, from, to, routes, arcs}: of the ends chosen and the ties shown now
let ends = null; // the form's controls, which stay when the answer changes

const nameOf = (i) => people.name[i] || "(no name)";
const isComplete = () => state.path !== null && state.path.from !== null && state.path.to !== null;
// Probabilities as everywhere in print: without the zero, two digits which count.
function chanceText(p) {
  if (p >= 0.9995) return "1";
  if (p < 0.00005) return "below .0001";
  return p.toFixed(Math.max(2, 1 - Math.floor(Math.log10(p)))).replace(/^0/, "");
}
const startsNow = () => (state.path.covered ? [...new Set([...data.covered, ...state.engaged])].sort((a, b) => a - b) : []);

function solve({ shown, tieShown }) {
  if (!isComplete()) return null;
  const { from, to } = state.path;
  const starts = startsNow().filter((i) => shown[i]);
  const key = [from, to, starts.join(), shown[from], shown[to]].join("|");
  if (solved?.key === key && solved.shown.every((flag, t) => flag === tieShown[t])) return solved;
  const arcs = arcsOf(tieShown);
  const routes = from !== to && shown[from] && shown[to] ? pathsBetween(arcs, from, to, starts) : [];
  return { key, shown: tieShown, from, to, starts, routes, arcs };
}
const routeNow = () => solved?.routes[Math.min(state.path.way, solved.routes.length - 1)] ?? null;

onDerive.push((next) => {
  solved = solve(next);
  const route = routeNow();
  if (!route || state.focus !== null) return;
  const forward = new Map();
  route.steps.forEach((step) => step.ties.forEach((t) => forward.set(t, ties.source[t] === step.mover)));
  next.path = { nodes: route.nodes, ties: [...forward.keys()], probability: route.probability, forward };
  next.dimmed = true;
  next.faded.fill(1);
  route.nodes.forEach((i) => { next.faded[i] = 0; });
  next.lit.fill(0);
  next.path.ties.forEach((t) => { next.lit[t] = 1; });
});
looksOfNode.push((i, look) => {
  if (!scene.path?.nodes.includes(i)) return;
  look.named = true;
  if (i === scene.path.nodes[0] || i === scene.path.nodes.at(-1)) Object.assign(look, { border: ink.ink, borderWidth: 3 });
});
looksOfTie.push((t, look) => {
  const forward = scene.path?.forward.get(t);
  if (forward !== undefined) Object.assign(look, { arrows: { to: forward, from: !forward }, width: look.width + 0.8 });
});
statusParts.push(() => {
  if (!isComplete() || state.focus !== null) return null;
  const [from, to] = [isolate(clip(nameOf(state.path.from), 60)), isolate(clip(nameOf(state.path.to), 60))];
  const route = routeNow();
  if (!route) return `No path from ${from} to ${to}`;
  const start = isolate(clip(nameOf(route.nodes[0]), 60));
  const helped = route.nodes[0] === state.path.from ? "" : " (already covered)";
  return `Path of ${plural(route.steps.length, "step", "steps")} from ${start}${helped} to ${to}, probability ${chanceText(route.probability)}`;
});

// Takes up new ends or options; the camera follows when a path is complete.
function setPath(changes) {
  state.path = { ...pathEnds(), ...changes, way: changes.way ?? 0 };
  if (isComplete()) {
    [state.path.from, state.path.to].forEach(reveal);
    state.focus = null;
  }
  update();
  if (scene.path) showNeighbourhood();
}
function startPath(from) {
  raisePanel();
  setPath({ from, to: null });
  (from === null ? ends.from : ends.to).input.focus();
}
function closePath() {
  const within = pathBox.contains(document.activeElement);
  state.path = null;
  update();
  lookAtChoice(true);
  if (within) (hook("name") ?? box).focus({ preventScroll: true });
}
function backToPath() { state.focus = null; update(); showNeighbourhood(); hook("path-title").focus(); }
function swapEnds() { const { from, to } = pathEnds(); setPath({ from: to, to: from }); }
// Without a path, it would start at whoever is in focus.
const pathEnds = () => state.path ?? { from: state.focus, to: null, covered: false };

function endField(end, label) {
  const id = `path-${end}`;
  const input = el("input", { type: "text", id, "data-hook": id, role: "combobox", "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Name, role or organisation" });
  const list = el("ul", { id: `${id}-list`, role: "listbox", "aria-label": `${label}: matches`, hidden: true });
  const whole = el("div", { class: "end" }, el("label", { for: id }, label), el("div", { class: "combo" }, input, list));
  const shown = () => { const i = pathEnds()[end]; return i === null ? "" : people.name[i]; };
  const pick = (i) => {
    setPath({ [end]: i });
    if (isComplete()) hook("path-title").focus(); else (end === "from" ? ends.to : ends.from).input.focus();
  };
  combobox(input, list, { name: `${id}-hit`, pick, leave: () => (state.path ? closePath() : input.blur()) });
  // A name left half typed is no choice; a field left empty is one.
  input.addEventListener("blur", () => {
    if (!input.value.trim() && state.path && state.path[end] !== null) setPath({ [end]: null });
    input.value = shown();
  });
  return { whole, input, shown };
}
function makePathForm() {
  ends = { from: endField("from", "From"), to: endField("to", "To") };
  const covered = el("input", { type: "checkbox", "data-hook": "path-covered", onchange: () => setPath({ covered: covered.checked }) });
  ends.covered = covered;
  pathBox.replaceChildren(
    el("button", { type: "button", class: "plain back", "data-hook": "path-back", onclick: backToPath }),
    el("div", { class: "path-form" },
      el("div", { class: "head" }, el("h2", { tabindex: "-1", "data-hook": "path-title" }, "Path"), el("button", { type: "button", class: "plain close", "data-hook": "path-close", "aria-label": "Close the path", onclick: closePath }, "✕")),
      el("div", { class: "ends" }, ends.from.whole, ends.to.whole,
        el("button", { type: "button", class: "plain swap", "data-hook": "path-swap", "aria-label": "Swap both ends", title: "Swap both ends", onclick: swapEnds }, "⇅")),
      el("label", { class: "check", "data-hook": "path-option" }, covered, el("span", {})),
      el("div", { "data-hook": "path-result" })));
}

// Open, it stands first in the panel; else below what the panel is about.
function placePath() {
  const first = state.path !== null;
  if (first === (handle.nextElementSibling === pathBox)) return;
  const active = document.activeElement;
  if (first) handle.after(pathBox); else details.after(pathBox);
  if (pathBox.contains(active)) active.focus({ preventScroll: true });
}
let pathDrawn = null;
function drawPath() {
  if (!ends) return;
  placePath();
  const waits = isComplete() && state.focus !== null;
  pathBox.dataset.state = waits ? "waits" : state.path ? "open" : "closed";
  for (const end of ["from", "to"]) if (document.activeElement !== ends[end].input || isComplete()) ends[end].input.value = ends[end].shown();
  const known = new Set([...data.covered, ...state.engaged]).size;
  hook("path-option").hidden = known === 0;
  hook("path-option").lastChild.textContent = `through people already covered (${known.toLocaleString("en")})`;
  ends.covered.checked = pathEnds().covered;
  hook("path-swap").disabled = !state.path;
  const now = [solved?.key, solved?.routes.length, state.path?.way, state.path?.from, state.path?.to, waits, state.colorBy, isDark()].join("|");
  if (now === pathDrawn?.key && solved === pathDrawn.solved) return;
  pathDrawn = { key: now, solved };
  hook("path-result").replaceChildren(...pathAnswer().flat(2).filter(Boolean));
  const back = waits ? `← Path from ${isolate(clip(nameOf(state.path.from), 40))} to ${isolate(clip(nameOf(state.path.to), 40))}${routeNow() ? `, ${chanceText(routeNow().probability)}` : ""}` : "";
  hook("path-back").textContent = back;
}
