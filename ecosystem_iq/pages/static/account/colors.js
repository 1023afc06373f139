// What colour and size mean at the moment: by group, community, a facet, or a measure. The legend tells the same.
const unitText = {
  share: percent,
  count: (value) => Math.round(value).toLocaleString("en"),
  score: (value) => value.toFixed(1),
  number: (value) => (value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)))),
};
const measureText = (measure, value) => (value === null || value === undefined ? "" : (unitText[measure.unit] ?? String)(value));
const measureOf = (id) => data.measures.find((measure) => measure.id === id);
const hasValues = (measure) => Boolean(people[measure.id]?.some((value) => value !== null));

// All there is to colour by: {id, label}, in the order of the select.
function colorings() {
  const kinds = Object.keys(facets).filter((facet) => facets[facet].ofNode && facet !== "group" && facet !== "community");
  return [
    { id: "group", label: "Group" }, { id: "community", label: "Community" },
    ...kinds.filter((facet) => facets[facet].entries.length > 2).map((facet) => ({ id: facet, label: facets[facet].title })),
    ...data.measures.filter(hasValues).map(({ id, label }) => ({ id, label })),
  ];
}

const isDark = () => document.documentElement.dataset.theme === "dark" && !matchMedia("print").matches;
const scaleOf = (name) => data.scales[isDark() && data.scales[`${name}_dark`] ? `${name}_dark` : name];
const unknownColor = () => data.scales.unknown[isDark() ? 1 : 0];
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
// Both colours are written as #rrggbb, in the palette and in base.css.
const mixed = (a, b, share) => {
  const [p, q] = [channels(a), channels(b)];
  return `#${p.map((v, k) => Math.round(v * share + q[k] * (1 - share)).toString(16).padStart(2, "0")).join("")}`;
};
function ramp(stops, share) {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const below = Math.min(Math.floor(at), stops.length - 2);
  return mixed(stops[below + 1], stops[below], at - below);
}

function rangeOf(column) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of column) if (value !== null) { low = Math.min(low, value); high = Math.max(high, value); }
  return [low, high];
}
// Of measures, much of the difference lies among the few at the top: a square root shows the rest apart too.
const shareIn = ([low, high], value) => (high > low ? Math.sqrt((value - low) / (high - low)) : 0.5);

function entryColor(facet, k) {
  if (facet === "group") return data.marks[k].color;
  if (facet === "community") return data.hues[k % data.hues.length];
  const { known, ordered } = facets[facet];
  if (k >= known) return unknownColor();
  if (!ordered) return data.scales.categories[k % data.scales.categories.length];
  return ramp(scaleOf(facet === "stance" ? "diverging" : "sequential"), known > 1 ? k / (known - 1) : 0.5);
}
let unknown = null; // the colour of what is not known, while colour may mean that
let colorOf = (i) => data.marks[people.group[i]].color; // of stakeholder i; made anew when the choice or theme changes
function chooseColors() {
  const facet = state.colorBy;
  unknown = unknownColor();
  if (facets[facet]) {
    const colors = facets[facet].entries.map((_, k) => entryColor(facet, k));
    colorOf = (i) => colors[facets[facet].ofNode(i)];
    return;
  }
  const [column, stops, missing] = [people[facet], scaleOf("sequential"), unknown];
  const range = rangeOf(column);
  const memo = Array.from({ length: 65 }, (_, k) => ramp(stops, k / 64));
  colorOf = (i) => (column[i] === null ? missing : memo[Math.round(64 * shareIn(range, column[i]))]);
}
// A stakeholder's symbol in the colour it has on the map.
const symbolOf = (i, size = 14) => symbol(people.group[i], size, colorOf(i));
const neutral = () => (isDark() ? "#8c97a5" : "#7b8694"); // of shapes, where colour does not mean the group

const OPTICAL = { square: 0.86, diamond: 1.05, star: 1.1, triangle: 1, triangleDown: 1, hexagon: 0.98, dot: 1 };
const [SMALLEST, LARGEST] = [5, 24];
let radius = []; // of each stakeholder, in pixels of the map
function chooseSizes() {
  if (state.sizeBy === "influence") { radius = drawn.size; return; }
  const column = people[state.sizeBy];
  const range = rangeOf(column);
  radius = column.map((value, i) => {
    const share = value === null ? 0 : shareIn(range, value);
    return (SMALLEST + (LARGEST - SMALLEST) * share) * OPTICAL[data.marks[people.group[i]].shape];
  });
}

// What the map's colours and shapes mean, for legends outside the page: only what is shown.
function legendEntries() {
  const counts = (facet) => {
    const found = facets[facet].entries.map(() => 0);
    shownNodes().forEach((i) => { found[facets[facet].ofNode(i)] += 1; });
    return found;
  };
  const rows = (facet, color, shape) => counts(facet).map((number, k) => ({ label: facets[facet].entries[k].label, color: color(k), shape: shape(k), count: number, hollow: k >= facets[facet].known })).filter((row) => row.count);
  const groups = (color) => rows("group", color, (g) => data.marks[g].shape);
  if (showsReach()) return [...reachEntries(), ...groups(neutral)];
  if (state.colorBy === "group") return groups((g) => data.marks[g].color);
  const shapes = groups(neutral);
  if (facets[state.colorBy]) return [...rows(state.colorBy, (k) => entryColor(state.colorBy, k), () => "dot"), ...shapes];
  return [...measureStops().map((stop) => ({ ...stop, shape: "square", count: null })), ...shapes];
}
function measureStops() {
  const measure = measureOf(state.colorBy);
  const [low, high] = rangeOf(people[measure.id]);
  return [0, 0.25, 0.5, 0.75, 1].map((share) => ({ label: `${measure.label} ${measureText(measure, low + (high - low) * share ** 2)}`, color: ramp(scaleOf("sequential"), share) }));
}
