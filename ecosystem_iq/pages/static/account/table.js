// The same stakeholders as a table, for sorting, reading aloud, and printing. It lists exactly who the map shows.
const sheet = hook("sheet");
const sorting = { column: "rank", descending: false };
const COLUMNS = [
  { id: "rank", label: "Rank", number: true, value: (i) => people.rank[i] },
  { id: "name", label: "Stakeholder", value: (i) => people.name[i] },
  { id: "group", label: "Group", value: groupOf },
  { id: "title", label: "Role", value: (i) => people.title[i] },
  { id: "org", label: "Organisation", value: (i) => people.org[i] },
  { id: "influence", label: "Influence", number: true, high: true, value: (i) => people.influence[i], text: (i) => percent(people.influence[i]) },
  { id: "decision", label: "Decision role", value: (i) => people.decision_role[i] },
  { id: "stance", label: "Stance", high: true, value: (i) => people.stance[i], text: stanceOf },
  { id: "contact", label: "Contact", value: (i) => people.contact[i] },
  { id: "ties", label: "Ties", number: true, high: true, value: (i) => visibleTies(i).length },
];

function sortBy(column) {
  const same = sorting.column === column.id;
  sorting.descending = same ? !sorting.descending : Boolean(column.high);
  sorting.column = column.id;
  update();
}
function headCell(column) {
  const sorted = column.id === sorting.column ? (sorting.descending ? "descending" : "ascending") : null;
  return el("th", { scope: "col", class: column.number ? "number" : null, "aria-sort": sorted },
    el("button", { type: "button", "data-hook": `sort-${column.id}`, onclick: () => sortBy(column) }, column.label));
}
// Words break only where one is too long for a column.
const clipped = (text) => el("span", { class: /\S{24,}/.test(text) ? "clip long" : "clip", dir: "auto" }, clip(text, 160));
function bodyCell(column, i) {
  if (column.id === "name") {
    const button = el("button", { type: "button", class: "plain", "data-hook": "row", "data-node": i }, symbol(people.group[i], 12), clipped(people.name[i] || "(no name)"));
    return el("td", { class: "who-cell" }, button);
  }
  const value = column.text ? column.text(i) : column.value(i);
  return el("td", { class: column.number ? "number" : null }, column.number ? String(value) : clipped(value ?? ""));
}
function bodyRow(columns, i) {
  const dim = state.focus !== null && scene.steps[i] < 0;
  return el("tr", { "data-node": i, class: dim ? "dim" : null, "aria-current": i === state.focus ? "true" : null, onclick: () => focusOn(i, { move: false }) },
    columns.map((column) => bodyCell(column, i)));
}

function drawTable() {
  if (state.view !== "table") return;
  const rows = shownNodes();
  if (!rows.length) { sheet.replaceChildren(el("p", { class: "nothing" }, count ? "The legend hides everyone; show a group again to see its stakeholders." : "No stakeholders yet.")); return; }
  const columns = COLUMNS.filter((column) => column.id === "rank" || rows.some((i) => ![null, ""].includes(column.value(i))));
  const key = COLUMNS.find((column) => column.id === sorting.column);
  const values = new Map(rows.map((i) => [i, key.value(i)]));
  rows.sort((a, b) => compare(values.get(a), values.get(b), sorting.descending) || a - b);
  sheet.replaceChildren(el("table", {}, el("caption", { class: "visually-hidden" }, "Stakeholders shown, sortable by column"),
    el("thead", {}, el("tr", {}, columns.map(headCell))), el("tbody", {}, rows.map((i) => bodyRow(columns, i)))));
}

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
