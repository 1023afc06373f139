// Before and after: what differs from an earlier snapshot, on the map and as a list.
const TONES = { light: { fresh: "#0b7a5b", up: "#1f66ad", down: "#a34a00" }, dark: { fresh: "#4fd1a5", up: "#7db8f0", down: "#f0a35e" } };
const toneOf = (name) => TONES[isDark() ? "dark" : "light"][name];
const changed = (word) => [...people.name.keys()].filter((i) => people.change[i] === word);
const turn = (i) => (people.stance[i] === null || people.stance_before[i] === null ? 0 : Math.sign(people.stance[i] - people.stance_before[i]));
const CHANGES = {
  new: () => ({ shape: "ring", stroke: toneOf("fresh") }),
  up: () => ({ shape: "up", fill: toneOf("up") }),
  down: () => ({ shape: "down", fill: toneOf("down") }),
  more: () => ({ shape: "right", fill: toneOf("up") }),
  less: () => ({ shape: "left", fill: toneOf("down") }),
};

markSources.push(() => {
  if (!state.compare) return [];
  const { scale } = viewOf();
  const marks = [];
  for (const i of onMap) {
    const at = { node: i, x: place.x[i], y: place.y[i], dx: 0, dy: 0, faded: scene.faded[i] };
    const r = sizeOf(i) * scale;
    if (people.change[i] === "new") marks.push({ ...at, r: r * (looks[i].shape === "square" ? 1.3 : 1.05) + 3.5, ...CHANGES.new() });
    else if (people.change[i]) marks.push({ ...at, r: 6, dx: (r + 6) * DIAGONAL, dy: -(r + 6) * DIAGONAL, ...CHANGES[people.change[i]]() });
    if (turn(i)) marks.push({ ...at, r: 6, dx: (r + 6) * DIAGONAL, dy: (r + 6) * DIAGONAL, ...CHANGES[turn(i) > 0 ? "more" : "less"]() });
  }
  return marks;
});
looksOfNode.push((i, look) => { if (state.compare && (people.change[i] || turn(i))) look.ring = Math.max(look.ring ?? 0, 9); });
looksOfTie.push((t, look) => {
  if (!state.compare || ties.change[t] !== "new" || look.lit) return;
  Object.assign(look, { color: toneOf("fresh"), opacity: scene.dimmed ? 0.12 : 0.75, width: look.width + 0.4 });
});

// Of a day: "Since 2025-12-31"; of another workspace: "Compared with …".
function sinceText() {
  const label = clip(data.before.label || "before", 80);
  return label.startsWith("as of ") ? `Since ${label.slice(6)}` : `Compared with ${label}`;
}
function changeRow(i) {
  const [was, now] = [people.rank_before[i], people.rank[i]];
  const rank = was === null ? `rank ${now}` : was === now ? "" : `rank ${was} → ${now}`;
  const stance = turn(i) ? `${STANCES[people.stance_before[i]]} → ${stanceOf(i)}` : "";
  return personRow(i, "", [[rank, stance].filter(Boolean).join(" · ") || aboutOf(i)]);
}
function changeList(name, title, list, mark) {
  if (!list.length) return null;
  const head = el("span", { class: "with-mark" }, mark ? markSample(mark, 16) : null, `${title} (${list.length.toLocaleString("en")})`);
  return [el("h3", {}, head), ...longList(`change-${name}`, list, changeRow, { "data-hook": `change-${name}` })];
}
function goneList(gone) {
  if (!gone.length) return null;
  const row = ({ name, group, rank }) => el("li", { class: "gone" }, el("span", { class: "name", dir: "auto" }, clip(name || "(no name)", 120)), el("span", { class: "about", dir: "auto" }, clip([group, rank && `was rank ${rank}`].filter(Boolean).join(" · "), 120)));
  return [el("h3", {}, `No longer here (${gone.length.toLocaleString("en")})`), ...longList("change-gone", gone, row, { "data-hook": "change-gone" })];
}
function changesSection() {
  if (!state.compare) return null;
  const turned = (way) => [...people.name.keys()].filter((i) => turn(i) === way);
  const fresh = ties.change.filter((change) => change === "new").length;
  const line = svg("svg", { viewBox: "0 0 18 8", width: 18, height: 8, "aria-hidden": "true" }, svg("path", { d: "M1 4H17", stroke: toneOf("fresh"), "stroke-width": 2 }));
  return el("div", { class: "block", "data-hook": "changes-list" },
    el("h2", { dir: "auto" }, sinceText()),
    el("ul", { class: "findings" }, (data.before.summary ?? []).map((sentence) => el("li", { dir: "auto" }, clip(sentence, 240)))),
    changeList("new", "New", changed("new"), CHANGES.new()), changeList("up", "Risen", changed("up"), CHANGES.up()), changeList("down", "Fallen", changed("down"), CHANGES.down()),
    changeList("more", "More supportive", turned(1), CHANGES.more()), changeList("less", "Less supportive", turned(-1), CHANGES.less()), goneList(data.before.gone ?? []),
    fresh ? el("p", { class: "with-mark soft" }, line, `${plural(fresh, "new tie", "new ties")}, in this colour on the map`) : null);
}
// In the panel of a stakeholder: nothing where nothing has changed.
function changeOf(i) {
  const [was, now] = [people.rank_before[i], people.rank[i]];
  const words = { new: "New here", up: `Rank ${now}, from ${was}`, down: `Rank ${now}, from ${was}` };
  const lines = [people.change[i] ? [CHANGES[people.change[i]]?.(), words[people.change[i]]] : null, turn(i) ? [CHANGES[turn(i) > 0 ? "more" : "less"](), `${stanceOf(i)}, was ${STANCES[people.stance_before[i]]}`] : null];
  const fresh = visibleTies(i).filter((t) => ties.change[t] === "new").length;
  const rows = lines.filter((line) => line?.[1]).map(([mark, text]) => el("p", { class: "with-mark" }, mark ? markSample(mark, 16) : null, text));
  if (fresh) rows.push(el("p", {}, plural(fresh, "new tie", "new ties")));
  return rows.length ? [el("h2", { dir: "auto" }, sinceText()), el("div", { class: "changed", "data-hook": "change-of" }, rows)] : null;
}
if (count && data.before) {
  modeButton("changes", "Changes", "compare", clip(`Mark what differs from before: ${data.before.label}`, 120));
  homeSections.push({ order: -10, make: changesSection });
  panelSections.push({ order: 25, make: changeOf });
  keyParts.push(() => {
    if (!state.compare) return [];
    const words = { new: "New", up: "Risen", down: "Fallen", more: "More supportive", less: "Less supportive" };
    const now = new Set(marksNow().map(({ shape, text }) => (text ? "" : shape)));
    const marks = Object.entries(CHANGES).map(([name, make]) => ({ mark: make(), text: words[name] })).filter(({ mark }) => now.has(mark.shape));
    return [...marks, ...(ties.change.includes("new") ? [{ stroke: { color: toneOf("fresh"), dash: [] }, text: "New tie" }] : [])];
  });
  statusParts.push(() => (state.compare ? `changes ${isolate(sinceText().replace(/^[SC]/, (letter) => letter.toLowerCase()))} are marked` : null));
}
