// Who to engage next: numbers on the map, and in the panel why, by when and through whom. Always for human review.
const proposals = data.triggers?.rows ?? [];
const refusals = data.triggers?.refused ?? [];
const proposalOf = new Map(proposals.map((row) => [row.node, row]));
const refusalOf = new Map(refusals.map((row) => [row.node, row]));
const onAccent = () => (isDark() ? "#0e1620" : "#ffffff");
const proposalMark = (row) => ({ shape: "dot", fill: ink.accent, color: onAccent(), text: String(row.rank) });
const refusalMark = () => ({ shape: "dot", fill: ink.soft, color: ink.paper, text: MINUS });

markSources.push(() => {
  if (!state.overlay) return [];
  const { scale } = viewOf();
  const settled = settledMarks();
  const inBubble = new Map();
  // Only the foremost stand at the rim of a closed community; who is to be left alone can be seen once it is open.
  const placed = (row, r, look) => {
    const corner = settled.corners.get(row.node);
    const rim = corner || !scene.drawn[row.node] ? rimOf(row.node, corner ?? CORNERS[0], corner?.[2] ?? OUTSIDE, inBubble) : null;
    return rim && { ...rim, r, ...look };
  };
  const minuses = refusals.filter(({ node }) => scene.drawn[node]).map((row) => placed(row, minusSize(row.node, scale), refusalMark()));
  const numbers = proposals.map((row) => placed(row, numberSize(row), proposalMark(row)));
  return [...minuses, ...numbers.reverse()].filter(Boolean);
});
looksOfNode.push((i, look) => {
  if (!state.overlay || !proposalOf.has(i)) return;
  look.ring = Math.max(look.ring ?? 0, 8);
  if (proposalOf.get(i).rank <= (isPhone() ? 3 : 10) && !scene.faded[i]) look.named = true;
});

// The event and its window; a date stays on one line.
function whenOf({ event, window }) {
  const days = window ? [...new Set(window)].flatMap((day, k) => [k ? " to " : null, el("span", { class: "keep" }, clip(day, 20))]) : [];
  const parts = [event ? clip(event, 200) : null, event && window ? " · " : null, ...days].filter(Boolean);
  return parts.length ? parts : null;
}
const reachOf = (row) => (row.reach === null ? "" : `${round(row.reach)}${row.reach_se === null ? "" : `\u00a0±\u00a0${round(row.reach_se, row.reach)}`}`);
const saying = (word, text) => (text ? el("span", { class: "about", dir: "auto" }, word ? el("span", { class: "word" }, `${word} `) : null, typeof text === "string" ? clip(text, 240) : text) : null);
function overlayRow(node, mark, figure, lines) {
  return el("li", {}, el("button", { type: "button", class: "plain person", "data-hook": "next", "data-node": node, onclick: () => focusOn(node) },
    markSample(mark), el("span", { class: "who" }, el("span", { class: "first" }, el("span", { class: "name", dir: "auto" }, clip(nameOf(node), 120)), el("span", { class: "figure" }, figure)), lines.filter(Boolean))));
}
const proposalRow = (row) => overlayRow(row.node, proposalMark(row), reachOf(row), [saying("", aboutOf(row.node)), saying("Why", row.reason), saying("When", whenOf(row)), saying("Way in", row.through)]);
const refusalRow = (row) => overlayRow(row.node, refusalMark(), "", [saying("", row.reason)]);
const reviewNotice = (text) => el("p", { class: "soft fine", "data-hook": "review" }, text);
const WHOLE_NOTICE = clip(data.triggers?.notice || "For human review.", 600);
const SHORT_NOTICE = clip(/^.*?[.!?](?=\s|$)/u.exec(WHOLE_NOTICE)?.[0] ?? WHOLE_NOTICE, 200);

function overlaySection() {
  if (!state.overlay) return null;
  const head = el("div", { class: "list-head first" }, el("h2", { tabindex: "-1", "data-hook": "next-title" }, "Who next"), proposals.length ? el("span", { class: "soft" }, "expected to be moved") : null);
  const list = proposals.length ? longList("next", proposals, proposalRow, { "data-hook": "next-list" }, "ol") : [el("p", { class: "soft" }, "Nobody can be recommended here.")];
  const refused = refusals.length ? folding("refused", `Not to be targeted (${refusals.length.toLocaleString("en")})`, longList("refused", refusals, refusalRow, { "data-hook": "refused-list" }), false) : null;
  return el("div", { class: "block" }, head, list, reviewNotice(WHOLE_NOTICE), refused);
}
// In the panel of a stakeholder, whether the map shows numbers or not.
function nextSection(i) {
  const [row, refused] = [proposalOf.get(i), refusalOf.get(i)];
  if (refused) return el("div", { class: "advice", "data-hook": "refused" }, markSample(refusalMark()), el("p", {}, el("strong", {}, "Not to be targeted"), el("span", { dir: "auto" }, clip(refused.reason, 300))));
  if (!row) return null;
  const facts = [["Reach", reachOf(row) && `${reachOf(row)} expected to be moved`], ["Why", row.reason], ["When", whenOf(row)], ["Way in", row.through]].filter(([, text]) => text);
  return el("div", { class: "advice", "data-hook": "why-next" }, markSample(proposalMark(row)), el("div", {}, el("strong", {}, `${ordinal(row.rank)} to engage next`),
    el("dl", { class: "facts" }, facts.map(([word, text]) => [el("dt", {}, word), el("dd", { dir: "auto" }, typeof text === "string" ? clip(text, 240) : text)])), reviewNotice(SHORT_NOTICE)));
}

// A button at the top of the map which switches marks on and off.
function modeButton(name, text, field, title) {
  const act = () => { state[field] = !state[field]; update(); if (state[field] && state.focus === null) raisePanel(); };
  const button = el("button", { type: "button", class: "mode", "data-hook": `${name}-toggle`, title, onclick: act }, text);
  hook(name).replaceChildren(button);
  renderers.push(() => button.setAttribute("aria-pressed", String(state[field])));
  remembered.push({ key: name, read: (given) => { state[field] = given === "shown"; }, write: () => (state[field] ? "shown" : "") });
}
if (count && data.triggers) {
  modeButton("overlay", "Who next", "overlay", "Number those to engage next on the map");
  homeSections.push({ order: -20, make: overlaySection });
  panelSections.push({ order: 12, make: nextSection });
  statusParts.push(() => {
    if (!state.overlay) return null;
    const left = state.view === "map" ? leftOut() : 0;
    return `${proposals.length.toLocaleString("en")} to engage next are numbered${left ? ` (${left.toLocaleString("en")} on a closer look)` : ""}, for human review`;
  });
  keyParts.push(() => (state.overlay ? [
    ...(proposals.length ? [{ mark: proposalMark({ rank: 1 }), text: "Who next (for human review)" }] : []),
    ...(refusals.length ? [{ mark: refusalMark(), text: "Not to be targeted" }] : [])] : []));
}
