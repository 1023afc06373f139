// What a path is, in words; or why there is none, and what could be tried.
function pathAnswer() {
  if (!isComplete()) return [el("p", { class: "soft" }, state.path ? "Choose both ends." : "The way on which influence from one most likely gets to the other.")];
  const route = routeNow();
  return route ? [chanceLine(route), againstLine(route), routeList(route), wayList(), smallPrintOf(route)] : whyNot();
}
function chanceLine(route) {
  const [first, steps] = [route.nodes[0], route.steps.length];
  const helped = first !== state.path.from ? el("p", { "data-hook": "path-through" }, el("bdi", {}, clip(nameOf(first), 80)), steps ? " is covered already: stronger from there." : " is covered already: nothing is left to be carried.") : null;
  const all = steps === 1 ? "chance that it carries, in one step" : `chance that all ${steps} steps carry`;
  return [el("p", { class: "chance" }, el("strong", { "data-hook": "path-probability" }, chanceText(route.probability)), steps ? all : ""), helped];
}
function againstLine(route) {
  const against = route.steps.filter((step) => step.sign < 0).length;
  if (!against) return null;
  return el("p", { class: "negative", "data-hook": "path-against" }, `${against === 1 ? "One tie" : `${against} ties`} on the way ${against === 1 ? "is" : "are"} against: what arrives may be turned round.`);
}

const spanOf = (values, text) => {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (!known.length) return "";
  return known[0] === known.at(-1) ? text(known[0]) : `${text(known[0])} to ${text(known.at(-1))}`;
};
function stepText({ p, sign, ties: rows }) {
  const kinds = [...new Set(rows.map((t) => ties.kind[t]))].map((kind) => clip(kind, 60)).join(", ");
  const sure = spanOf(rows.map((t) => ties.confidence[t]), percent);
  const words = [sign < 0 ? "(−) against" : "", kinds, sure && `confidence ${sure}`].filter(Boolean).join(" · ");
  return el("span", { class: sign < 0 ? "step negative" : "step", dir: "auto" }, el("strong", {}, chanceText(p)), ` ${words}`);
}
function routeList(route) {
  return el("ol", { class: "people route", "data-hook": "path-route" }, route.nodes.map((i, k) => el("li", {},
    k ? stepText(route.steps[k - 1]) : null,
    el("button", { type: "button", class: "plain person", "data-hook": "path-person", "data-node": i, onclick: () => focusOn(i) },
      symbolOf(i), el("span", { class: "who" }, el("span", { class: "name", dir: "auto" }, clip(nameOf(i), 120)), el("span", { class: "about", dir: "auto" }, clip(aboutOf(i), 120)))))));
}
function wayList() {
  if (solved.routes.length < 2) return null;
  const via = ({ nodes }) => {
    const [first, ...between] = nodes.slice(0, -1).map((i) => isolate(clip(nameOf(i), 40)));
    const way = between.length ? `via ${between.join(", ")}` : "directly";
    return nodes[0] === state.path.from ? way : `from ${first} ${way}`;
  };
  return [el("h3", {}, `The ${solved.routes.length} strongest ways`), el("ul", { class: "ways", "data-hook": "path-ways" }, solved.routes.map((route, way) =>
    el("li", {}, el("button", { type: "button", class: "plain", "data-hook": "path-way", "data-node": way, "aria-pressed": String(route === routeNow()), onclick: () => setPath({ way }) },
      el("span", {}, via(route)), el("span", { class: "figure" }, chanceText(route.probability))))))];
}
const smallPrintOf = (route) => (route.steps.length ? el("p", { class: "soft fine" }, "Probabilities are the map’s assumptions, not a forecast. Ties of structure carry no influence; only ties shown count.") : null);

function whyNot() {
  const { from, to } = state.path;
  const said = (text, more) => el("p", { "data-hook": "path-none" }, text, more ?? null);
  if (from === to) return [said("Both ends are the same person: choose somebody else.")];
  const hidden = [from, to].filter((i) => !scene.shown[i]);
  const [a, b] = [from, to].map((i) => isolate(clip(nameOf(i), 60)));
  if (hidden.length) return [said(`${hidden.map((i) => isolate(clip(nameOf(i), 60))).join(" and ")} ${hidden.length > 1 ? "are" : "is"} hidden by a filter.`), tryButton("path-show", "Show again", () => setPath({}))];
  const { arcs, starts } = solved;
  const before = reachedFrom(turnedRound(arcs), to);
  const lines = [before.size ? `${plural(before.size, "stakeholder reaches", "stakeholders reach")} ${b}.` : `Nobody is known to move ${b}.`];
  if (!arcs[from].length) lines.push(`${a} is not known to move anybody.`);
  if (starts.length) lines.push("Nor does a path lead there from those already covered.");
  return [said(el("strong", {}, `No path of influence leads from ${a} to ${b}.`)), el("p", { class: "soft" }, lines.join(" ")), tryOthers(arcs, from, to)];
}
const tryButton = (name, text, act) => el("button", { type: "button", "data-hook": name, onclick: act }, text);
// What else could be asked: the other way round, with all that filters hide, or from those covered.
function tryOthers(arcs, from, to) {
  const tries = [];
  const back = shortest(arcs, [to], from);
  if (back) tries.push(tryButton("path-back-way", `The other way round: ${plural(back.length - 1, "step", "steps")}`, swapEnds));
  if (scene.tieTotal < tieCount || scene.nodeTotal < count) {
    const every = shortest(arcsOf(new Uint8Array(tieCount).fill(1)), [from], to);
    if (every) tries.push(tryButton("path-unfilter", `Without filters: ${plural(every.length - 1, "step", "steps")}`, () => { resetFilters(); setPath({}); }));
  }
  const known = [...new Set([...data.covered, ...state.engaged])].filter((i) => scene.shown[i]);
  if (!state.path.covered && known.length && shortest(arcs, known, to)) tries.push(tryButton("path-try-covered", "From those already covered", () => setPath({ covered: true })));
  return tries.length ? el("div", { class: "choices" }, tries) : null;
}

function onPathKey(event) {
  const typing = event.target.closest?.("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && state.focus === null && state.path && legend.dataset.open !== "true") closePath();
  if (event.key.toLowerCase() !== "p") return;
  event.preventDefault();
  startPath(state.focus);
}
function rememberPath() {
  remembered.push({
    key: "path",
    read: (text) => {
      const [from, to] = text.split("..").map(atSlug);
      state.path = text.includes("..") && (from !== null || to !== null) ? { from, to, covered: false, way: 0 } : null;
    },
    write: () => (state.path && (state.path.from !== null || state.path.to !== null) ? [state.path.from, state.path.to].map((i) => (i === null ? "" : nameSlug(i))).join("..") : ""),
  });
  remembered.push({ key: "path.covered", read: (text) => { if (state.path) state.path.covered = text === "yes"; }, write: () => (state.path?.covered ? "yes" : "") });
  remembered.push({ key: "path.way", read: (text) => { if (state.path && /^[2-9]$/.test(text)) state.path.way = Number(text) - 1; }, write: () => (state.path?.way ? String(state.path.way + 1) : "") });
}
if (count > 1) {
  makePathForm();
  rememberPath();
  keyParts.push(() => (scene.path ? [{ mark: { shape: "ring", stroke: ink.ink }, text: "Ends of the path" }] : []));
  document.addEventListener("keydown", onPathKey);
}
