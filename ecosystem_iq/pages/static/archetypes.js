// The page can be read without this script; with it, the matrix sorts, filters and folds, and says each cell in words.
const { hook, hooks, el, fold, compare, ready } = window.iq;
const table = hook("matrix");
const tip = hook("tip");
const field = hook("search");
const state = { group: undefined, grouped: true, column: null, descending: false };

const records = hooks("account").map((row, place) => ({
  row, place,
  detail: row.nextElementSibling,
  button: row.querySelector('[data-hook="why"]'),
  home: row.parentElement,
  group: row.parentElement.dataset.group,
  name: row.querySelector('[data-hook="name"]').textContent,
  text: fold(`${row.cells[0].textContent} ${row.cells[1].textContent}`),
}));
const heads = table ? [...table.tHead.rows[0].cells] : [];
const list = el("tbody", { hidden: true }); // where rows go when they are not grouped

function valueOf(record, index) {
  const cell = record.row.cells[index];
  if (cell.dataset.value === undefined) return record.name;
  return cell.dataset.value === "" ? null : Number(cell.dataset.value);
}
function place() {
  const order = (a, b) => (state.column === null ? 0 : compare(valueOf(a, state.column), valueOf(b, state.column), state.descending));
  const sorted = [...records].sort((a, b) => order(a, b) || a.place - b.place);
  for (const { row, detail, home } of sorted) (state.grouped ? home : list).append(row, detail);
  list.hidden = state.grouped;
  table.classList.toggle("grouped", state.grouped);
}
function sortBy(head) {
  const first = head.dataset.first;
  const other = first === "ascending" ? "descending" : "ascending";
  const next = head.getAttribute("aria-sort") === first ? other : first;
  heads.forEach((each) => each.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", next);
  state.column = head.cellIndex;
  state.descending = next === "descending";
  place();
}

function filter() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const full = new Set();
  let shown = 0;
  for (const record of records) {
    const fits = (state.group === undefined || record.group === state.group) && words.every((word) => record.text.includes(word));
    record.row.hidden = !fits;
    if (fits) { shown += 1; full.add(record.group); }
    drawDetail(record);
  }
  for (const body of hooks("group")) body.hidden = !state.grouped || !full.has(body.dataset.group);
  for (const chip of hooks("group-chip")) chip.setAttribute("aria-pressed", String(chip.dataset.group === state.group));
  hook("status").textContent = `${shown.toLocaleString("en")} of ${records.length.toLocaleString("en")} accounts`;
  hook("nothing").hidden = shown > 0;
  hook("frame").hidden = shown === 0;
}
function clear() { field.value = ""; state.group = undefined; filter(); }

const isOpen = ({ button }) => button.getAttribute("aria-expanded") === "true";
function drawDetail(record) { record.detail.hidden = record.row.hidden || !isOpen(record); }
function unfold(record, open) {
  record.button.setAttribute("aria-expanded", String(open));
  drawDetail(record);
  hook("reasons").setAttribute("aria-pressed", String(records.every(isOpen)));
}
function toggleButton(name, act) {
  hook(name).addEventListener("click", (event) => {
    const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(on));
    act(on);
  });
}

// What a cell or a heading says, beside it: the feature, its value, its meaning, and whose it is.
function say(target) {
  const cell = target?.closest?.('[data-hook="cell"], [data-hook="feature"]');
  tip.hidden = !cell;
  if (!cell) return;
  const head = heads[cell.cellIndex];
  const value = cell.dataset.value === undefined ? null : cell.querySelector(".value")?.textContent ?? "not known";
  const name = cell.dataset.value === undefined ? null : cell.parentElement.querySelector('[data-hook="name"]').textContent;
  tip.replaceChildren(el("strong", {}, el("span", { dir: "auto" }, head.textContent.trim()), value === null ? null : el("span", {}, value)),
    el("span", { class: "soft", dir: "auto" }, head.dataset.meaning), name === null ? "" : el("span", { dir: "auto" }, name));
  const area = cell.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = area.bottom + 8 + size.height < innerHeight;
  tip.style.left = `${Math.max(8, Math.min(innerWidth - size.width - 8, area.left + area.width / 2 - size.width / 2))}px`;
  tip.style.top = `${below ? area.bottom + 8 : area.top - size.height - 8}px`;
}

// One tab stop for all cells; arrow keys, Home and End walk over them.
const cellsOf = ({ row }) => [...row.querySelectorAll('[data-hook="cell"]')];
function stop(cell) {
  table.querySelector('[data-hook="cell"][tabindex="0"]')?.setAttribute("tabindex", "-1");
  cell?.setAttribute("tabindex", "0");
}
function walk(event) {
  const cell = event.target.closest('[data-hook="cell"]');
  if (event.key === "Escape") tip.hidden = true;
  if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...table.querySelectorAll('[data-hook="account"]')].filter((row) => row.offsetParent);
  const cells = cellsOf({ row: cell.parentElement });
  const x = cells.indexOf(cell);
  const y = rows.indexOf(cell.parentElement);
  const to = { ArrowLeft: [x - 1, y], ArrowRight: [x + 1, y], ArrowUp: [x, y - 1], ArrowDown: [x, y + 1], Home: [0, y], End: [cells.length - 1, y] }[event.key];
  if (!to) return;
  event.preventDefault();
  const next = rows[to[1]] && cellsOf({ row: rows[to[1]] })[to[0]];
  if (next) { stop(next); next.focus(); }
}

function wire() {
  heads.forEach((head) => head.querySelector('[data-hook="sort"]')?.addEventListener("click", () => sortBy(head)));
  for (const record of records) record.button.addEventListener("click", () => unfold(record, !isOpen(record)));
  for (const chip of hooks("group-chip")) {
    chip.addEventListener("click", () => { state.group = chip.dataset.group === state.group ? undefined : chip.dataset.group; filter(); });
  }
  field.addEventListener("input", filter);
  hook("clear").addEventListener("click", () => { clear(); field.focus(); });
  toggleButton("numbers", (on) => table.classList.toggle("numbers", on));
  toggleButton("grouping", (on) => { state.grouped = on; place(); filter(); });
  toggleButton("reasons", (on) => records.forEach((record) => unfold(record, on)));
  for (const link of hooks("visit")) {
    link.addEventListener("click", () => {
      if (!state.grouped) hook("grouping").click();
      clear();
    });
  }
  table.addEventListener("pointerover", (event) => say(event.target));
  table.addEventListener("pointerleave", () => say(null));
  table.addEventListener("focusin", (event) => { const cell = event.target.closest('[data-hook="cell"]'); if (cell) stop(cell); say(event.target); });
  table.addEventListener("focusout", () => say(null));
  table.addEventListener("keydown", walk);
  document.addEventListener("scroll", () => say(null), { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); field.focus(); }
    if (event.key === "Escape" && event.target === field) { field.value = ""; filter(); }
  });
}
if (table) {
  table.append(list);
  table.classList.add("ready");
  for (const cell of hooks("cell")) cell.setAttribute("tabindex", "-1");
  stop(table.querySelector('[data-hook="cell"]'));
  records.forEach((record) => unfold(record, false));
  wire();
  filter();
}
ready();
