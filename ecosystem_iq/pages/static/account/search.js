// Search as a combobox: names, roles and organisations, accents folded, all words must occur.
const field = hook("search");
const hits = hook("hits");
const MOST_HITS = 12;
const index = people.name.map((name, i) => ({ i, name: fold(name), all: fold(`${name} ${people.title[i]} ${people.org[i]}`) }));
let found = [];
let active = -1;

function find(text) {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const starts = (name, word) => ` ${name}`.includes(` ${word}`);
  const rate = ({ name }) => (words.every((word) => starts(name, word)) ? 0 : words.every((word) => name.includes(word)) ? 1 : 2);
  return index.filter((entry) => words.every((word) => entry.all.includes(word)))
    .map((entry) => ({ i: entry.i, rate: rate(entry) })).sort((a, b) => a.rate - b.rate || a.i - b.i).slice(0, MOST_HITS).map((entry) => entry.i);
}
function mark(position) {
  active = position;
  [...hits.querySelectorAll('[role="option"]')].forEach((option, k) => {
    option.setAttribute("aria-selected", String(k === active));
    if (k === active) option.scrollIntoView({ block: "nearest" });
  });
  if (active < 0) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `hit-${active}`);
}
function openHits() {
  found = find(field.value);
  const nothing = el("li", { class: "none", role: "presentation" }, "Nobody matches.");
  hits.replaceChildren(...(found.length ? found.map(hitRow) : [nothing]));
  const open = field.value.trim() !== "";
  hits.hidden = !open;
  field.setAttribute("aria-expanded", String(open));
  mark(found.length ? 0 : -1);
}
function hitRow(i, k) {
  return el("li", { id: `hit-${k}`, role: "option", "data-hook": "hit", "data-node": i, onpointerdown: (event) => event.preventDefault(), onclick: () => choose(i) },
    symbol(people.group[i]), el("span", { class: "hit" }, el("span", { dir: "auto" }, clip(people.name[i], 80)), el("br"), el("small", { class: "soft" }, clip(aboutOf(i), 100))));
}
function closeHits() {
  hits.hidden = true;
  field.setAttribute("aria-expanded", "false");
  mark(-1);
}
function choose(i) {
  field.value = people.name[i];
  closeHits();
  focusOn(i);
}
function onSearchKey(event) {
  const open = !hits.hidden && found.length > 0;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (!open) { openHits(); return; }
    mark((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
  } else if (event.key === "Enter" && open && active >= 0) {
    choose(found[active]);
  } else if (event.key === "Escape") {
    event.stopPropagation();
    if (!hits.hidden) closeHits();
    else { field.value = ""; focusOn(null); }
  }
}
function makeSearch() {
  field.addEventListener("input", openHits);
  field.addEventListener("focus", () => field.select());
  field.addEventListener("keydown", onSearchKey);
  field.addEventListener("blur", closeHits);
}
