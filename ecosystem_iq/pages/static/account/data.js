// The account as the page's script sees it: columns from the islands, and what follows from them once. Only the first
// columns are always there; all others may be missing, and then hold what means "not known".
const { hook, el, svg, fold, compare, calm } = window.iq;
const island = (id) => JSON.parse(document.getElementById(id).textContent);
// Long columns travel packed (pages/packing.py): n numbers of so many bits, counted from "low", places in "words", or
// days from "day" on, 0 being none.
function unpack(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.some((each) => each !== null && typeof each === "object") ? value.map(unpack) : value;
  if (value.table) return records(unpack(value.table));
  if (value.bits === undefined || value.data === undefined) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpack(each)]));
  const bytes = atob(value.data);
  const mask = 2 ** value.bits - 1;
  const column = new Array(value.n);
  for (let k = 0, at = 0, have = 0, held = 0; k < value.n; k += 1) {
    while (have < value.bits) { held |= bytes.charCodeAt(at) << have; at += 1; have += 8; }
    column[k] = held & mask;
    held >>>= value.bits;
    have -= value.bits;
  }
  return column.map(meaning(value));
}
function meaning({ words, day, low }) {
  if (words) return (k) => words[k];
  if (!day) return (k) => k + low;
  const first = Date.parse(day) - 86400000; // parsed and written in universal time, so that no clock change counts
  const known = new Map([[0, ""]]);
  return (k) => known.get(k) ?? known.set(k, new Date(first + k * 86400000).toISOString().slice(0, 10)).get(k);
}
function records({ "": keys, ...columns }) {
  const found = {};
  keys.forEach((key, r) => (found[key] ??= []).push(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column[r]]))));
  return found;
}
const data = unpack(island("data"));
const drawn = unpack(island("network")); // x, y and size
// Where the window is higher than wide, as on a phone, a map which is wider than high stands on its side.
const extent = (column) => column.reduce((most, value) => Math.max(most, value), -Infinity) - column.reduce((least, value) => Math.min(least, value), Infinity);
if (window.innerHeight > 1.25 * window.innerWidth && extent(drawn.x) > 1.15 * extent(drawn.y)) {
  [drawn.x, drawn.y] = [drawn.y.map((value) => -value), drawn.x];
}
// Columns which a page may lack hold what means "not known".
function columnsOf(table, missing) {
  const length = Object.values(table)[0].length;
  const blank = Object.entries(missing).map(([name, value]) => [name, Array(length).fill(value)]);
  return { ...Object.fromEntries(blank), ...table };
}
const people = columnsOf(data.nodes, {
  influence_low: null, influence_high: null, brokerage: null, reach: null, opportunity: null, care_setting: "", last_contact: "",
  contacts: null, advice: null, value: null, at_risk: null, change: "", rank_before: null, stance_before: null,
});
const ties = columnsOf(data.ties, { since: "", until: "", note: "", change: "" });
const count = people.name.length;
const tieCount = ties.source.length;
const OTHERWISE = { measures: [], facets: [], layouts: [], jobs: {}, values: {}, covered: [], notes: [] };
for (const [key, value] of Object.entries(OTHERWISE)) data[key] ??= value;
for (const key of ["triggers", "what_if", "before"]) data[key] ??= null;
if (!data.measures.length) data.measures = [{ id: "influence", label: "Influence", unit: "share", meaning: "" }];
if (!data.layouts.length) data.layouts = [{ id: "communities", label: "Communities" }];

// Ties at each stakeholder, by position; a tie to oneself is listed once.
const tiesAt = Array.from({ length: count }, () => []);
for (let t = 0; t < tieCount; t += 1) {
  tiesAt[ties.source[t]].push(t);
  if (ties.target[t] !== ties.source[t]) tiesAt[ties.target[t]].push(t);
}
const members = data.communities.map(() => []);
people.community.forEach((community, i) => members[community]?.push(i));

// Words all community labels begin with ("Community around …") are said once, as a heading.
const sharedWords = (() => {
  const split = data.communities.map((community) => community.label.split(" "));
  const same = (k) => split.length > 1 && split.every((words) => k < words.length - 1 && words[k] === split[0][k]);
  let k = 0;
  while (same(k)) k += 1;
  return k;
})();
const shortLabel = (c) => data.communities[c].label.split(" ").slice(sharedWords).join(" ");
const communityTitle = data.communities[0]?.label.split(" ").slice(0, sharedWords).join(" ") || "Community";

// What can be switched off entry by entry: of stakeholders (ofNode) or of ties (ofTie).
const facets = {
  group: { title: "Stakeholder group", entries: data.groups, ofNode: (i) => people.group[i] },
  layer: { title: "Relationship", entries: data.layers, ofTie: (t) => ties.layer[t] },
  community: { title: communityTitle, entries: data.communities.map((each, c) => ({ ...each, label: shortLabel(c) })), ofNode: (i) => people.community[i] },
};
function addFacets() {
  const kinds = [...new Set(ties.kind)].sort(compare);
  const place = new Map(kinds.map((kind, k) => [kind, k]));
  const ofTie = ties.kind.map((kind) => place.get(kind));
  facets.kind = { title: "Kind of tie", extra: true, entries: counted(kinds, ofTie), ofTie: (t) => ofTie[t] };
  for (const { id, label, values, of, ordered } of data.facets) {
    if (Object.hasOwn(facets, id)) continue;
    const known = of.map((k) => (k < 0 ? values.length : k)); // the last entry stands for "not known"
    facets[id] = { title: label, extra: true, ordered: Boolean(ordered), known: values.length, entries: counted([...values, "Not known"], known), ofNode: (i) => known[i] };
  }
}
function counted(labels, of) {
  const entries = labels.map((label) => ({ label, count: 0 }));
  of.forEach((k) => { entries[k].count += 1; });
  return entries;
}
addFacets();

const groupOf = (i) => data.groups[people.group[i]].label;
const aboutOf = (i) => [people.title[i], people.org[i]].filter(Boolean).join(" · ");
const otherEnd = (t, i) => (ties.source[t] === i ? ties.target[t] : ties.source[t]);
// Keeps a name with marks for right-to-left order from turning the text around it.
const isolate = (text) => `\u2068${text}\u2069`;
const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}\u00a0%`;
const STANCES = { "-2": "Opponent", "-1": "Non-supporter", 0: "Neutral", 1: "Supporter", 2: "Advocate" };
const stanceOf = (i) => (people.stance[i] === null ? "" : STANCES[people.stance[i]] ?? "");

// What a tie means for stakeholder i: an arrow, a word, and whether i moves, is moved, or both.
function roleIn(t, i) {
  const negative = ties.sign[t] < 0;
  const outward = ties.source[t] === i;
  if (ties.structure[t]) return { arrow: outward ? "→" : "←", word: negative ? "structural, opposing" : "structural", part: "structure", negative };
  if (ties.mutual[t]) return { arrow: "↔", word: negative ? "mutually opposed" : "mutual", part: "mutual", negative };
  if (outward) return { arrow: "→", word: negative ? "opposes" : "moves", part: "moves", negative };
  return { arrow: "←", word: negative ? "opposed by" : "moved by", part: "moved", negative };
}

// The shapes of symbols, in the legend as on the map.
const POLYGONS = {
  square: [[-0.86, -0.86], [0.86, -0.86], [0.86, 0.86], [-0.86, 0.86]],
  diamond: [[0, -1.05], [1.05, 0], [0, 1.05], [-1.05, 0]],
  triangle: [[0, -1.02], [1, 0.75], [-1, 0.75]],
  triangleDown: [[0, 1.02], [1, -0.75], [-1, -0.75]],
  hexagon: ring(6, () => 1, 0),
  star: ring(10, (k) => (k % 2 ? 0.5 : 1.18), -Math.PI / 2),
};
function ring(corners, radius, turn) {
  const angle = (k) => turn + (2 * Math.PI * k) / corners;
  return Array.from({ length: corners }, (_, k) => [radius(k) * Math.cos(angle(k)), radius(k) * Math.sin(angle(k))]);
}
function symbol(group, size = 14, color = data.marks[group].color) { return shapeSample(data.marks[group].shape, color, size); }
function shapeSample(name, color, size = 14, hollow = false) {
  const points = POLYGONS[name];
  const paint = hollow ? { fill: "none", stroke: color, "stroke-width": 1.6 } : { fill: color };
  const shape = points
    ? svg("polygon", { points: points.map((p) => p.map((v) => (v * 5.6).toFixed(2)).join()).join(" "), ...paint })
    : svg("circle", { r: hollow ? 4.8 : 5.6, ...paint });
  return svg("svg", { viewBox: "-7 -7 14 14", width: size, height: size, "aria-hidden": "true" }, shape);
}
function strokeSample(stroke, undirected) {
  const line = svg("path", { d: undirected ? "M1 6H25" : "M1 6H21", stroke: stroke.color, "stroke-width": 2, "stroke-dasharray": stroke.dash.join(" ") });
  const head = undirected ? null : svg("path", { d: "M19 2.6 25 6 19 9.4z", fill: stroke.color });
  return svg("svg", { viewBox: "0 0 26 12", width: 26, height: 12, "aria-hidden": "true" }, line, head);
}
