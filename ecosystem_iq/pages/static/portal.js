// The index works without this script; with it, accounts can be searched and sorted.
const { hook, fold, sortable, ready } = window.iq;
const table = hook("accounts");
const field = hook("search");

function filter() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const rows = [...table.tBodies[0].rows];
  let shown = 0;
  for (const row of rows) {
    row.hidden = !words.every((word) => fold(row.textContent).includes(word));
    if (!row.hidden) shown += 1;
  }
  hook("status").textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} accounts`;
}
if (table) {
  sortable(table);
  field.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== field) { event.preventDefault(); field.focus(); }
    if (event.key === "Escape" && event.target === field) { field.value = ""; filter(); }
  });
  filter();
}
ready();
