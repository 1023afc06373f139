// The side panel: what the account shows, or who the chosen stakeholder is. Its parts come from panelSections and
// homeSections, in their order; this file has what they share.
const details = hook("details");
const home = hook("home");
const SHOWN_OF_LIST = 8;
const unfoldedLists = new Set(); // long lists which the reader wants whole
const folds = new Map(); // sections which the reader opened or closed

function personRow(i, figure, lines, more = {}) {
  return el("li", {}, el("button", { type: "button", class: "plain person", "data-hook": "person", "data-node": i, onclick: () => focusOn(i), ...more },
    symbolOf(i),
    el("span", { class: "who" }, el("span", { class: "first" }, el("span", { class: "name", dir: "auto" }, people.name[i] || "(no name)"), el("span", { class: "figure" }, figure)),
      lines.filter(Boolean).map((line) => (line instanceof Node ? line : el("span", { class: "about", dir: "auto" }, clip(line, 160)))))));
}
const listOf = (items, make, attributes, tag = "ul") => el(tag, { class: "people", ...attributes }, items.map(make));
// The first few, and a button for all of them.
function longList(name, items, make, attributes = {}, tag = "ul") {
  const whole = items.length <= SHOWN_OF_LIST + 1 || unfoldedLists.has(name);
  const list = listOf(whole ? items : items.slice(0, SHOWN_OF_LIST), make, attributes, tag);
  list.dataset.list = name;
  if (whole) return [list];
  const unfold = () => {
    unfoldedLists.add(name);
    update();
    [...document.querySelectorAll(`[data-list="${name}"] button`)].at(SHOWN_OF_LIST)?.focus();
  };
  return [list, el("button", { type: "button", class: "plain all", "data-hook": `more-${name}`, onclick: unfold }, `Show all ${items.length.toLocaleString("en")}`)];
}
// A section which can be folded away.
function folding(name, title, content, open = true) {
  return el("details", { class: "fold", "data-hook": `fold-${name}`, open: folds.get(name) ?? open, ontoggle: (event) => folds.set(name, event.target.open) },
    el("summary", { "data-hook": `summary-${name}` }, el("h2", {}, title)), content);
}

function ordinal(n) {
  const tail = n % 100 > 10 && n % 100 < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th";
  return `${n.toLocaleString("en")}${tail}`;
}
const inOrder = (sections, ...given) => [...sections].sort((a, b) => a.order - b.order).map(({ make }) => make(...given)).flat(3).filter(Boolean);

const foremostTen = () => folding("top", "Most influential", listOf([...people.name.keys()].slice(0, 10), (i) => personRow(i, percent(people.influence[i]), [aboutOf(i)]), { "data-hook": "most-influential" }, "ol"));
// Of the account, then of stakeholders.
function allNotes() {
  if (!data.notes.length) return null;
  const row = (note) => el("li", { class: "note" }, el("p", { dir: "auto" }, clip(note.text, 1200)),
    note.node === null ? (note.date ? el("p", { class: "soft" }, clip(note.date, 40)) : null)
      : el("button", { type: "button", class: "plain by", "data-hook": "note", "data-node": note.node, onclick: () => focusOn(note.node) }, symbolOf(note.node, 12), el("span", { dir: "auto" }, clip(people.name[note.node], 80)), note.date ? el("span", {}, clip(note.date, 40)) : null));
  return folding("notes", `Notes (${data.notes.length.toLocaleString("en")})`, longList("notes", data.notes, row, { class: "notes" }), data.notes.length <= 4);
}
// Before (order below 0) and after what the page carries in its markup.
function makeHome() {
  home.prepend(el("div", { "data-hook": "home-first" }));
  const findings = home.querySelector(".findings");
  if (findings) {
    findings.previousElementSibling.remove();
    const place = el("div", {});
    findings.replaceWith(place);
    place.replaceWith(folding("findings", "Findings", findings));
  }
  if (!count) return;
  homeSections.push({ order: 10, make: foremostTen }, { order: 20, make: allNotes });
}
let homeDrawn = null;
function drawHome() {
  if (home.hidden) return;
  const now = [state.overlay, state.compare, state.colorBy, isDark(), [...unfoldedLists].join()].join("|");
  if (now === homeDrawn) return;
  homeDrawn = now;
  hook("home-first").replaceChildren(...inOrder(homeSections.filter(({ order }) => order < 0)));
  hook("top").replaceChildren(...inOrder(homeSections.filter(({ order }) => order >= 0)));
}

function headline(i) {
  const name = el("h1", { dir: "auto", tabindex: "-1", "data-hook": "name" }, people.name[i] || "(no name)");
  const close = el("button", { type: "button", class: "icon", "data-hook": "clear", "aria-label": "Clear the focus", onclick: () => focusOn(null) }, "✕");
  return el("div", { class: "headline" }, el("div", {}, name, el("p", { class: "role", dir: "auto" }, clip(aboutOf(i), 300)),
    el("p", { class: "badge" }, symbolOf(i), clip(groupOf(i), 60))), close);
}
function drawPanel() {
  const i = state.focus;
  const before = details.dataset.node;
  if (before !== String(i ?? "")) for (const name of [...unfoldedLists]) if (name.startsWith("ties-")) unfoldedLists.delete(name);
  home.hidden = i !== null || (state.path !== null && isComplete());
  details.hidden = i === null;
  details.dataset.node = i ?? "";
  details.className = "details";
  details.replaceChildren(...(i === null ? [] : [headline(i), ...inOrder(panelSections, i)]));
  drawHome();
  drawPath();
  if (before !== String(i ?? "")) {
    details.parentElement.scrollTop = 0;
    if (i !== null) raisePanel();
  }
}
