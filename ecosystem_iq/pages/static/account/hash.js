// The reader's choices in the address, readable and stable: a link or a bookmark brings them back. Each file adds what
// it wants remembered. A text which means nothing (any more) is ignored.
const remembered = []; // {key, read: (text) => void, write: () => string}; "" stands for the default, both ways

// Names as they stand in the address: letters and digits, numbered only where two are the same.
const slug = (text) => fold(text).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "no-name";
function slugsOf(texts) {
  const taken = new Map();
  return texts.map((text) => {
    let name = slug(text);
    for (let k = 2; taken.has(name); k += 1) name = `${slug(text)}-${k}`;
    taken.set(name, true);
    return name;
  });
}
const names = (() => { // made when first needed: folding 20,000 names takes a while
  let slugs = null;
  let places = null;
  const make = () => { slugs ??= slugsOf(people.name); places ??= new Map(slugs.map((name, i) => [name, i])); };
  return { of: (i) => { make(); return slugs[i]; }, at: (name) => { make(); return places.get(name) ?? null; } };
})();
const nameSlug = (i) => names.of(i);
const atSlug = (text) => (text ? names.at(text) : null);

function rememberChoices() {
  const choice = (key, field, options, standard) => remembered.push({
    key, read: (text) => { state[field] = options.includes(text) ? text : standard; }, write: () => (state[field] === standard ? "" : state[field]),
  });
  remembered.push({ key: "depth", read: (text) => { state.depth = ["2", "3"].includes(text) ? Number(text) : 1; }, write: () => (state.depth > 1 ? String(state.depth) : "") });
  choice("view", "view", ["map", "table"], "map");
  choice("layout", "layout", data.layouts.map((each) => each.id), data.layouts[0].id);
  choice("color", "colorBy", colorings().map((each) => each.id), "group");
  choice("size", "sizeBy", data.measures.map((each) => each.id), "influence");
  Object.keys(facets).forEach(rememberFacet);
  rememberRanges();
  rememberOpen();
  // Last, as it may show a group again or open a community.
  remembered.push({ key: "focus", read: (text) => { state.focus = atSlug(text); if (state.focus !== null) reveal(state.focus); }, write: () => (state.focus === null ? "" : nameSlug(state.focus)) });
}
function rememberRanges() {
  remembered.push({
    key: "confidence",
    read: (text) => { state.range.confidence = [/^\d{1,3}$/.test(text) ? Math.min(Number(text), 100) / 100 : 0]; },
    write: () => (state.range.confidence[0] > 0 ? String(Math.round(state.range.confidence[0] * 100)) : ""),
  });
  remembered.push({
    key: "since",
    read: (text) => {
      const said = /^(\d{4}-(?:0[1-9]|1[0-2]))?\.\.(\d{4}-(?:0[1-9]|1[0-2]))?$/.exec(text);
      const [from, to] = months && said ? [said[1] ?? "", said[2] ?? ""] : ["", ""];
      // Beyond the months which ties name, a limit limits nothing.
      state.range.since = [from > months?.[0] && from <= months?.[1] ? from : null, to && to < months?.[1] && to >= months?.[0] ? to : null];
    },
    write: () => (state.range.since.some(Boolean) ? state.range.since.map((month) => month ?? "").join("..") : ""),
  });
}
function rememberOpen() {
  if (!data.collapsed) return;
  const slugs = slugsOf(data.communities.map((_, c) => shortLabel(c)));
  remembered.push({
    key: "open",
    read: (text) => { state.open = new Set(text.split(",").map((each) => slugs.indexOf(each)).filter(isCollapsible)); },
    write: () => [...state.open].sort((a, b) => a - b).map((c) => slugs[c]).join(),
  });
}
function rememberFacet(facet) {
  const slugs = slugsOf(facets[facet].entries.map((entry) => String(entry.id ?? entry.label)));
  remembered.push({
    key: `hide.${facet}`,
    read: (text) => { state.off[facet] = new Set(text.split(",").map((each) => slugs.indexOf(each)).filter((k) => k >= 0)); },
    write: () => [...state.off[facet]].sort((a, b) => a - b).map((k) => slugs[k]).join(),
  });
}

// encodeURIComponent without the escapes which are not needed after a #.
const plain = (text) => encodeURIComponent(text).replace(/%2C/gi, ",").replace(/%3A/gi, ":");
function writeHash() {
  const parts = remembered.map(({ key, write }) => [key, write()]).filter(([, text]) => text);
  return parts.map(([key, text]) => `${plain(key)}=${plain(text)}`).join("&");
}
function readHash() {
  const said = new Map();
  for (const part of location.hash.slice(1).split("&")) {
    const at = part.indexOf("=");
    try { said.set(decodeURIComponent(part.slice(0, at)), decodeURIComponent(part.slice(at + 1))); } catch { /* not of our making */ }
  }
  for (const { key, read } of remembered) {
    try { read(said.get(key) ?? ""); } catch { /* means nothing here */ }
  }
}

let hashTimer = 0;
let lastWritten = null;
// Browsers refuse an address which changes many times a second, as it would under a slider.
function saveHash() {
  clearTimeout(hashTimer);
  hashTimer = setTimeout(() => {
    const text = writeHash();
    if (text === lastWritten) return;
    lastWritten = text;
    // Sandboxed frames have no address of their own and refuse.
    try { history.replaceState(null, "", location.href.split("#")[0] + (text && `#${text}`)); } catch { /* not remembered */ }
  }, 60);
}
// The order of the URL is ours, not the reader's: reading and writing it again changes nothing on the page.
function onHashChange() {
  if (location.hash.slice(1) === lastWritten) return;
  readHash();
  lastWritten = null;
  setView(state.view);
  lookAtChoice(true);
}
