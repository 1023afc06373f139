// Search as a combobox, in the header and for the ends of a path: names, roles and organisations, accents folded, all
// words must occur. What is hit is marked, so that everybody sees why.
const field = hook("search");
const hits = hook("hits");
const MOST_HITS = 12;

// Texts to look in, each after a space so that a word's start can be told; made when first needed.
const searched = (() => {
  let texts = null;
  return () => {
    texts ??= people.name.map((name, i) => ({ name: ` ${fold(name)}`, all: ` ${fold(`${name} ${people.title[i]} ${people.org[i]}`)}` }));
    return texts;
  };
})();
const wordsOf = (text) => fold(text).split(/\s+/).filter(Boolean);

// The foremost matches, and how many there are: first names which begin so, then other names, then roles; in each the
// most influential first.
function find(text) {
  const words = wordsOf(text);
  const rated = [[], [], []];
  let matches = 0;
  if (!words.length) return { list: [], matches };
  searched().forEach(({ name, all }, i) => {
    for (const word of words) if (!all.includes(word)) return;
    matches += 1;
    const rate = words.every((word) => name.includes(` ${word}`)) ? 0 : words.every((word) => name.includes(word)) ? 1 : 2;
    if (rated[rate].length < MOST_HITS) rated[rate].push(i);
  });
  return { list: rated.flat().slice(0, MOST_HITS), matches };
}

// A text with the words in it marked. Folding may change its length, so that letters are gone through one by one.
function marked(text, words) {
  const letters = [...text];
  const from = [];
  const folded = letters.map((letter, k) => { const some = fold(letter); for (const _ of some) from.push(k); return some; }).join("");
  const lit = letters.map(() => false);
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) lit.fill(true, from[at], from[at + word.length - 1] + 1);
  }
  const parts = [];
  letters.forEach((letter, k) => {
    if (!k || lit[k] !== lit[k - 1]) parts.push({ lit: lit[k], text: "" });
    parts.at(-1).text += letter;
  });
  return parts.map((part) => (part.lit ? el("mark", {}, part.text) : part.text));
}

// input, list: the elements; name: of the data-hook of each hit; pick(i); leave(): on Escape when no list is open.
function combobox(input, list, { name, pick, leave }) {
  const told = el("span", { class: "visually-hidden", role: "status" });
  list.after(told);
  let found = [];
  let active = -1;
  function mark(position) {
    active = position;
    [...list.querySelectorAll("[data-node]")].forEach((option, k) => {
      option.setAttribute("aria-selected", String(k === active));
      if (k === active && active > 0) option.scrollIntoView({ block: "nearest" });
    });
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${name}-${active}`);
  }
  function row(i, k, words) {
    return el("li", { id: `${name}-${k}`, role: "option", "aria-selected": "false", "data-hook": name, "data-node": i, onpointerdown: (event) => event.preventDefault(), onclick: () => take(i) },
      symbolOf(i), el("span", { class: "hit" }, el("span", { dir: "auto" }, marked(clip(people.name[i] || "(no name)", 80), words)), el("small", { class: "soft", dir: "auto" }, marked(clip(aboutOf(i), 100), words))));
  }
  function open() {
    const words = wordsOf(input.value);
    const { list: some, matches } = find(input.value);
    found = some;
    const rest = matches - found.length;
    const more = rest > 0 ? el("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, `and ${rest.toLocaleString("en")} more: type on`) : null;
    const nothing = el("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, "Nobody matches.");
    list.replaceChildren(...(found.length ? found.map((i, k) => row(i, k, words)) : [nothing]), ...(more ? [more] : []));
    toggleList(words.length > 0);
    told.textContent = words.length ? (matches ? plural(matches, "match", "matches") : "Nobody matches.") : "";
    mark(found.length ? 0 : -1);
  }
  function toggleList(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
  }
  function close() { toggleList(false); mark(-1); }
  function take(i) { close(); pick(i); }
  function onKey(event) {
    const choosing = !list.hidden && found.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!choosing) open();
      else mark((active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (event.key === "Enter" && choosing && active >= 0) {
      event.preventDefault();
      take(found[active]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (list.hidden) leave(); else close();
    }
  }
  input.addEventListener("input", open);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", close);
}

// Whoever is found stands in the panel: keyboard focus goes there too, so that one key leads on (P, E, arrows).
function choose(i) {
  field.value = people.name[i];
  focusOn(i);
  hook("name").focus();
}
function makeSearch() {
  combobox(field, hits, { name: "hit", pick: choose, leave: () => { field.value = ""; focusOn(null); } });
}
