// The account as the page's script sees it: columns from the islands, and what follows from them once.
const { hook, el, svg, fold, compare, calm } = window.iq;
const island = (id) => JSON.parse(document.getElementById(id).textContent);
const data = island("data");
const drawn = island("network"); // pyvis' nodes, edges and options
const people = data.nodes;
const ties = data.ties;
const count = people.name.length;
const tieCount = ties.source.length;

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

const facets = {
  group: { title: "Stakeholder group", entries: data.groups, ofNode: (i) => people.group[i] },
  layer: { title: "Relationship", entries: data.layers, ofTie: (t) => ties.layer[t] },
  community: { title: communityTitle, entries: data.communities.map((each, c) => ({ ...each, label: shortLabel(c) })), ofNode: (i) => people.community[i] },
};

const groupOf = (i) => data.groups[people.group[i]].label;
const aboutOf = (i) => [people.title[i], people.org[i]].filter(Boolean).join(" · ");
const otherEnd = (t, i) => (ties.source[t] === i ? ties.target[t] : ties.source[t]);
// Keeps a name with marks for right-to-left order from turning the text around it.
const isolate = (text) => `\u2068${text}\u2069`;
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

// A legend symbol which matches what vis-network draws on the canvas.
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
function symbol(group, size = 14) {
  const mark = data.marks[group];
  const points = POLYGONS[mark.shape];
  const shape = points
    ? svg("polygon", { points: points.map((p) => p.map((v) => (v * 5.6).toFixed(2)).join()).join(" "), fill: mark.color })
    : svg("circle", { r: 5.6, fill: mark.color });
  return svg("svg", { viewBox: "-7 -7 14 14", width: size, height: size, "aria-hidden": "true" }, shape);
}
function strokeSample(stroke, undirected) {
  const line = svg("path", { d: undirected ? "M1 6H25" : "M1 6H21", stroke: stroke.color, "stroke-width": 2, "stroke-dasharray": stroke.dash.join(" ") });
  const head = undirected ? null : svg("path", { d: "M19 2.6 25 6 19 9.4z", fill: stroke.color });
  return svg("svg", { viewBox: "0 0 26 12", width: 26, height: 12, "aria-hidden": "true" }, line, head);
}
