// The same stakeholders and ties as tables, for sorting, reading aloud, and spreadsheets: exactly what the map shows.
const sheet = hook("sheet");
const FIRST_ROWS = 500; // more come when asked for: the browser lays out each row
const isKnown = (value) => value !== null && value !== undefined && value !== "";
const SHARE_CELL = { number: true, high: true, unit: " (share)", show: percent };
const FIGURE_CELL = { number: true, high: true };

// A column: its value sorts and goes to CSV (there `word` goes before it), `show` says how a cell writes it.
const PEOPLE_COLUMNS = [
  { id: "rank", label: "Rank", number: true, always: true, value: (i) => people.rank[i] },
  { id: "name", label: "Stakeholder", who: (i) => i, value: (i) => people.name[i] },
  { id: "group", label: "Group", value: groupOf },
  { id: "title", label: "Role", value: (i) => people.title[i] },
  { id: "org", label: "Organisation", value: (i) => people.org[i] },
  { id: "influence", label: "Influence", ...SHARE_CELL, value: (i) => people.influence[i] },
  { id: "decision", label: "Decision role", value: (i) => people.decision_role[i] },
  { id: "stance", label: "Stance", high: true, value: (i) => people.stance[i], word: stanceOf },
  { id: "contact", label: "Contact", value: (i) => people.contact[i] },
  { id: "ties", label: "Ties", ...FIGURE_CELL, value: (i) => visibleTies(i).length },
  ...data.measures.filter(({ id }) => id !== "influence" && people[id]).map(measureColumn),
  { id: "percentile", label: "Percentile", ...FIGURE_CELL, value: (i) => people.percentile?.[i] },
  { id: "influence_low", label: "Influence, low", ...SHARE_CELL, value: (i) => people.influence_low[i] },
  { id: "influence_high", label: "Influence, high", ...SHARE_CELL, value: (i) => people.influence_high[i] },
  { id: "rank_low", label: "Rank, best", number: true, value: (i) => people.rank_low?.[i] },
  { id: "rank_high", label: "Rank, worst", number: true, value: (i) => people.rank_high?.[i] },
  { id: "at_risk", label: "Value at risk", ...SHARE_CELL, value: (i) => people.at_risk[i] },
  { id: "community", label: communityTitle, value: (i) => (data.communities.length > 1 ? shortLabel(people.community[i]) : "") },
  { id: "care_setting", label: "Care setting", value: (i) => people.care_setting[i] },
  { id: "last_contact", label: "Last contact", high: true, value: (i) => people.last_contact[i] },
  { id: "contacts", label: "Contacts in 12 months", ...FIGURE_CELL, value: (i) => people.contacts[i] },
  { id: "change", label: "Change", value: (i) => people.change[i] },
  { id: "rank_before", label: "Rank before", number: true, value: (i) => people.rank_before[i] },
  { id: "stance_before", label: "Stance before", high: true, value: (i) => people.stance_before[i], word: (i) => STANCES[people.stance_before[i]] ?? "" },
];
function measureColumn(measure) {
  return { id: measure.id, label: measure.label, ...FIGURE_CELL, unit: measure.unit === "share" ? " (share)" : "", value: (i) => people[measure.id][i], show: (value) => measureText(measure, value) };
}
// Facets which no column above tells.
data.facets.filter(({ id }) => !["decision_role", "group", "community", ...PEOPLE_COLUMNS.map((column) => column.id)].includes(id))
  .forEach(({ id, label, values, of }) => PEOPLE_COLUMNS.push({ id, label, value: (i) => (of[i] < 0 ? "" : values[of[i]]) }));

const TIE_COLUMNS = [
  { id: "from", label: "From", who: (t) => ties.source[t], value: (t) => people.name[ties.source[t]] },
  { id: "to", label: "To", who: (t) => ties.target[t], value: (t) => people.name[ties.target[t]] },
  { id: "kind", label: "Kind", value: (t) => ties.kind[t] },
  { id: "layer", label: "Relationship", value: (t) => data.layers[ties.layer[t]]?.label },
  { id: "direction", label: "Direction", value: (t) => roleIn(t, ties.source[t]).word },
  ...["probability", "strength", "confidence"].map((id) => ({ id, label: id[0].toUpperCase() + id.slice(1), ...FIGURE_CELL, value: (t) => ties[id]?.[t], show: (value) => value.toFixed(2) })),
  ...["confirmed", "evidence", "note", "since", "until", "change"].map((id) => ({ id, label: id[0].toUpperCase() + id.slice(1), value: (t) => ties[id]?.[t] })),
];
const TABLES = {
  people: { label: "Stakeholders", columns: PEOPLE_COLUMNS, rows: shownNodes, caption: "Stakeholders shown, sortable by column", dim: (i) => scene.dimmed && scene.faded[i], standard: "rank",
    nothing: () => (count ? "The filters hide everyone; show a group again to see its stakeholders." : "No stakeholders yet.") },
  ties: { label: "Ties", columns: TIE_COLUMNS, rows: () => positions(scene.tieShown), caption: "Ties shown, sortable by column", dim: (t) => scene.dimmed && !scene.lit[t], standard: null,
    nothing: () => (tieCount ? "The filters hide all ties." : "No ties yet.") },
};
const sorting = { people: { column: "rank", descending: false }, ties: { column: null, descending: false } };
let listing = "people";
let listed = FIRST_ROWS; // rows in the page

function sortBy(column) {
  const now = sorting[listing];
  now.descending = now.column === column.id ? !now.descending : Boolean(column.high);
  now.column = column.id;
  listed = FIRST_ROWS;
  update();
}
// The rows of a table in the order chosen, and those of its columns which hold anything for them.
function tableNow() {
  const { columns, rows: find } = TABLES[listing];
  const rows = find();
  const { column, descending } = sorting[listing];
  const key = columns.find((each) => each.id === column);
  if (key) {
    const values = new Map(rows.map((k) => [k, key.value(k)]));
    rows.sort((a, b) => compare(values.get(a), values.get(b), descending) || a - b);
  }
  return { rows, columns: columns.filter((each) => each.always || rows.some((k) => isKnown(each.value(k)))) };
}
function csvNow() {
  const { rows, columns } = tableNow();
  return csvOf([columns.map(({ label, unit = "" }) => label + unit), ...rows.map((k) => columns.map(({ word, value }) => (word ?? value)(k)))]);
}

function headCell(column) {
  const { column: chosen, descending } = sorting[listing];
  const sorted = column.id === chosen ? (descending ? "descending" : "ascending") : null;
  return el("th", { scope: "col", class: column.number ? "number" : column.who ? "who-cell" : null, "aria-sort": sorted },
    el("button", { type: "button", "data-hook": `sort-${column.id}`, onclick: () => sortBy(column) }, column.label));
}
// Words break only where one is too long for a column.
const clipped = (text) => el("span", { class: /\S{24,}/.test(text) ? "clip long" : "clip", dir: "auto" }, clip(text, 160));
function cellText({ word, value, show }, k) {
  const said = word ? word(k) : value(k);
  return isKnown(said) ? show ? show(said) : typeof said === "number" ? said.toLocaleString("en") : String(said) : "";
}
function whoCell(column, k) {
  const i = column.who(k);
  const tie = listing === "ties" ? k : null;
  return el("td", { class: "who-cell" }, el("button", {
    type: "button", class: "plain", "data-hook": tie === null ? "row" : `row-${column.id}`, "data-node": i, "data-tie": tie,
    onclick: (event) => { event.stopPropagation(); focusOn(i, { move: false }); },
  }, symbolOf(i, 12), clipped(people.name[i] || "(no name)")));
}
function bodyCell(column, k) {
  if (column.who) return whoCell(column, k);
  const text = cellText(column, k);
  return el("td", { class: column.number ? "number" : null }, column.number ? text : clipped(text));
}
function bodyRow(columns, k) {
  const chosen = listing === "people" ? k : ties.source[k];
  const current = listing === "people" && k === state.focus;
  return el("tr", { "data-node": listing === "people" ? k : null, "data-tie": listing === "ties" ? k : null, class: TABLES[listing].dim(k) ? "dim" : null, "aria-current": current ? "true" : null, onclick: () => focusOn(chosen, { move: false }) },
    columns.map((column) => bodyCell(column, k)));
}

function drawTable() {
  if (state.view !== "table") return;
  const { rows, columns } = tableNow();
  drawBar(rows.length);
  if (!rows.length) { sheet.replaceChildren(el("p", { class: "nothing" }, TABLES[listing].nothing())); return; }
  const body = el("tbody", {}, rows.slice(0, listed).map((k) => bodyRow(columns, k)));
  sheet.replaceChildren(el("table", {}, el("caption", { class: "visually-hidden" }, TABLES[listing].caption),
    el("thead", {}, el("tr", {}, columns.map(headCell))), body), moreButton(rows, columns, body));
}
function moreButton(rows, columns, body) {
  if (rows.length <= listed) return "";
  const text = () => `Show ${Math.min(FIRST_ROWS, rows.length - listed).toLocaleString("en")} more of ${(rows.length - listed).toLocaleString("en")}`;
  const button = el("button", { type: "button", "data-hook": "more", onclick: () => {
    const next = rows.slice(listed, listed + FIRST_ROWS).map((k) => bodyRow(columns, k));
    body.append(...next);
    listed += FIRST_ROWS;
    if (rows.length > listed) button.textContent = text(); else { next[0].querySelector("button").focus(); button.remove(); }
  } }, text());
  return button;
}

// Above the table: which one, and ways out of the page.
function chooseTable(name) {
  listing = name;
  listed = FIRST_ROWS;
  sheet.scrollTo(0, 0);
  update();
}
function makeBar() {
  const choice = (name) => el("button", { type: "button", "data-hook": `table-${name}`, onclick: () => chooseTable(name) }, TABLES[name].label);
  const name = () => fileName("csv", listing === "ties" ? "ties" : "stakeholders");
  const say = (text) => { hook("csv-said").textContent = text; };
  const copy = async () => { say((await copyText(csvNow(), name())) ? "Copied" : ""); setTimeout(() => say(""), 4000); };
  return el("div", { class: "sheet-bar", "data-hook": "sheet-bar" },
    el("div", { class: "segmented", role: "group", "aria-label": "Table" }, Object.keys(TABLES).map(choice)),
    el("span", { class: "soft", role: "status", "data-hook": "csv-said" }),
    el("button", { type: "button", "data-hook": "csv-copy", onclick: copy }, "Copy CSV"),
    el("button", { type: "button", "data-hook": "csv-save", onclick: () => saveCsv(csvNow(), name()) }, "Save CSV"));
}
function drawBar(rows) {
  if (!hook("sheet-bar")) sheet.before(makeBar());
  Object.keys(TABLES).forEach((name) => hook(`table-${name}`).setAttribute("aria-pressed", String(name === listing)));
  hook("csv-copy").disabled = hook("csv-save").disabled = rows === 0;
  sheet.setAttribute("aria-label", `Table of ${TABLES[listing].label.toLowerCase()}`);
}

remembered.push({ key: "table", read: (text) => { listing = text === "ties" ? "ties" : "people"; }, write: () => (listing === "ties" ? "ties" : "") });
remembered.push({
  key: "sort",
  read: (text) => {
    const [id, way] = text.split("..");
    const { columns, standard } = TABLES[listing];
    const column = columns.find((each) => each.id === id)?.id ?? standard;
    sorting[listing] = { column, descending: column === id && way === "down" };
  },
  write: () => {
    const { column, descending } = sorting[listing];
    return column === TABLES[listing].standard && !descending ? "" : `${column}${descending ? "..down" : ""}`;
  },
});

function setView(view) {
  state.view = view;
  document.querySelector(".stage").dataset.view = view;
  hook("view-map").setAttribute("aria-pressed", String(view === "map"));
  hook("view-table").setAttribute("aria-pressed", String(view === "table"));
  hook("sheet").hidden = view !== "table";
  const empty = hook("empty");
  if (empty) empty.hidden = view !== "map";
  update();
}
// For those who walk by keyboard or listen: the first stop on the page leads past the map.
document.querySelector(".top").prepend(el("button", { type: "button", class: "skip", "data-hook": "skip", onclick: () => { setView("table"); sheet.focus(); } }, "Skip to the table"));
