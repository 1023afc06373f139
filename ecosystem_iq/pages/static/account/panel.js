// The side panel: what the account shows, or who the chosen stakeholder is.
const details = hook("details");

function personRow(i, figure, lines) {
  return el("li", {}, el("button", { type: "button", class: "plain person", "data-hook": "person", "data-node": i, onclick: () => focusOn(i) },
    symbol(people.group[i]),
    el("span", { class: "who" }, el("span", { class: "name", dir: "auto" }, people.name[i] || "(no name)"),
      lines.filter(Boolean).map((line) => (line instanceof Node ? line : el("span", { class: "about", dir: "auto" }, clip(line, 160))))),
    el("span", { class: "figure" }, figure)));
}

function makeHome() {
  if (!count) return;
  const rows = [...people.name.keys()].slice(0, 10).map((i) => personRow(i, percent(people.influence[i]), [aboutOf(i)]));
  hook("top").append(el("h2", {}, "Most influential"), el("ol", { class: "people", "data-hook": "most-influential" }, rows));
}

function rankText(i) {
  const [low, high] = [people.rank_low[i], people.rank_high[i]];
  if (low === null || high === null) return "rank";
  return ["rank ", el("span", { class: "keep" }, `(90\u00a0% ${low === high ? low : `${low}–${high}`})`)];
}
function figure(value, label, name) { return el("div", { "data-hook": `figure-${name}` }, el("dt", {}, label), el("dd", {}, value)); }
function ordinal(n) {
  const tail = n % 100 > 10 && n % 100 < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th";
  return `${n}${tail}`;
}

function percentileBar(i) {
  const fill = el("div", {});
  fill.style.width = `${people.percentile[i]}%`;
  return el("div", { class: "percentile" }, `${ordinal(people.percentile[i])} percentile by influence in this account`, el("div", { class: "bar", "aria-hidden": "true" }, fill));
}

function factList(i) {
  const facts = [["Decision role", people.decision_role[i]], ["Stance", stanceOf(i)], ["Contact", people.contact[i]],
    ["Community", data.communities[people.community[i]]?.label ?? ""]];
  return el("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", { dir: "auto" }, clip(value, 200))]));
}

function depthButtons() {
  return [el("h2", {}, "Focus depth"), el("div", { class: "segmented depth", role: "group", "aria-label": "Focus depth" },
    [1, 2, 3].map((depth) => el("button", { type: "button", "data-hook": `depth-${depth}`, "aria-pressed": String(depth === state.depth), onclick: () => setDepth(depth) }, String(depth))))];
}

// One to four dots for how strong a tie is; the number itself is there for assistive technology and as a title.
function strengthDots(strength) {
  if (strength === null) return [];
  const dots = Math.max(1, Math.ceil(strength * 4 - 1e-9));
  const circles = [0, 1, 2, 3].map((k) => svg("circle", { cx: 4 + 8 * k, cy: 4, r: 2.7, fill: "currentColor", "fill-opacity": k < dots ? 1 : 0.2 }));
  const label = `strength ${strength.toFixed(2)}`;
  return svg("svg", { viewBox: "0 0 32 8", width: 32, height: 8, role: "img", "aria-label": label }, svg("title", {}, label), circles);
}

function tieRow(t, i) {
  const role = roleIn(t, i);
  const text = `${role.arrow} ${role.negative ? "(−) " : ""}${role.word} · ${clip(ties.kind[t], 80)}`;
  const meaning = el("span", { class: role.negative ? "about negative" : "about" }, text);
  const proof = [ties.confirmed[t] && `confirmed ${ties.confirmed[t]}`, ties.confidence[t] !== null && `confidence ${percent(ties.confidence[t])}`,
    ties.probability[t] !== null && `probability ${percent(ties.probability[t])}`].filter(Boolean).join(" · ");
  return personRow(otherEnd(t, i), strengthDots(ties.strength[t]), [meaning, proof, ties.evidence[t]]);
}

const PARTS = [["moves", "Moves", "opposes"], ["moved", "Moved by", "opposed by"], ["mutual", "Mutual", "opposing"], ["structure", "Structure", "opposing"]];
// "Moves", or "Moves or opposes" when both kinds of tie are in the list.
function partTitle(title, opposing, list) {
  const negative = list.filter((t) => ties.sign[t] < 0).length;
  if (negative === 0) return title;
  return negative < list.length ? `${title} or ${opposing}` : opposing[0].toUpperCase() + opposing.slice(1);
}
function tieLists(i) {
  const own = visibleTies(i);
  const heading = el("h2", {}, `Ties (${own.length})`);
  if (!own.length) return [heading, el("p", { class: "soft" }, "No ties are shown for this stakeholder.")];
  const lists = PARTS.flatMap(([part, title, opposing]) => {
    const some = own.filter((t) => roleIn(t, i).part === part);
    some.sort((a, b) => compare(ties.strength[a], ties.strength[b], true) || otherEnd(a, i) - otherEnd(b, i) || a - b);
    return some.length ? [el("h3", {}, `${partTitle(title, opposing, some)} (${some.length})`), el("ul", { class: "people", "data-hook": `ties-${part}` }, some.map((t) => tieRow(t, i)))] : [];
  });
  return [heading, ...lists];
}

function drawPanel() {
  const i = state.focus;
  hook("home").hidden = i !== null;
  details.hidden = i === null;
  const before = details.dataset.node;
  details.dataset.node = i ?? "";
  if (i === null) { details.replaceChildren(); return; }
  const name = el("h1", { dir: "auto", tabindex: "-1", "data-hook": "name" }, people.name[i] || "(no name)");
  const close = el("button", { type: "button", class: "icon", "data-hook": "clear", "aria-label": "Clear the focus", onclick: () => focusOn(null) }, "✕");
  details.className = "details";
  details.replaceChildren(
    el("div", { class: "headline" }, el("div", {}, name, el("p", { class: "role", dir: "auto" }, clip(aboutOf(i), 300)),
      el("p", { class: "badge" }, symbol(people.group[i]), clip(groupOf(i), 60))), close),
    el("dl", { class: "figures" }, figure(percent(people.influence[i]), "of influence", "influence"), figure(String(people.rank[i]), rankText(i), "rank"),
      figure(String(visibleTies(i).length), "ties shown", "ties")),
    percentileBar(i), factList(i), ...depthButtons(), ...tieLists(i));
  if (before !== String(i)) details.parentElement.scrollTop = 0;
}
