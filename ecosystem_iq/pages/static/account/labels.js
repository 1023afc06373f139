// What is drawn around vis' own picture: tinted islands behind communities, minus signs on opposing ties, and labels
// at a constant size which never lie on each other.
const ISLAND_PAD = 30;
const MOST_LABELS = 140;
const namedAlways = () => (box.clientWidth < 600 ? 5 : 10);
const NUDGE = 5;
let islands = [];
let labelBoxes = []; // where labels lie, in screen pixels, for hit tests
const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turns = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list) => list.reduce((chain, point) => {
    while (chain.length > 1 && turns(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
    return [...chain, point];
  }, []).slice(0, -1);
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

// Islands for communities of four or more, as long as there is more than one and not too many to tell apart.
function makeIslands() {
  const large = data.communities.map((_, c) => c).filter((c) => members[c].length >= 4);
  if (large.length < 2 || large.length > 24) { islands = []; return; }
  islands = large.map((c) => {
    const corners = hull(members[c].map((i) => [drawn.nodes[i].x, drawn.nodes[i].y]));
    const top = Math.min(...corners.map((p) => p[1])) - ISLAND_PAD;
    const middle = (Math.min(...corners.map((p) => p[0])) + Math.max(...corners.map((p) => p[0]))) / 2;
    return { community: c, corners, top, middle, hue: data.hues[c % data.hues.length], label: clip(shortLabel(c), 40) };
  });
}
// Both colours are written as #rrggbb, in the palette and in base.css.
const mix = (a, b, share) => {
  const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const [p, q] = [channels(a), channels(b)];
  return `rgb(${p.map((v, k) => Math.round(v * share + q[k] * (1 - share))).join()})`;
};
const islandShown = (island) => !state.off.community.has(island.community) && members[island.community].some((i) => scene.shown[i]);

function drawIslands(context) {
  context.save();
  context.lineJoin = "round";
  context.lineWidth = 2 * ISLAND_PAD;
  for (const each of islands.filter(islandShown)) {
    // One opaque tint for fill and rim: half-transparent ones would show a seam where they overlap.
    context.fillStyle = mix(each.hue, ink.paper, ink.dark ? 0.17 : 0.09);
    context.strokeStyle = context.fillStyle;
    context.beginPath();
    each.corners.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.stroke();
    context.fill();
  }
  context.restore();
}

function drawMinuses(context) {
  if (state.focus === null) return;
  const radius = 7 / network.getScale();
  for (let t = 0; t < tieCount; t += 1) {
    if (!scene.lit[t] || ties.sign[t] >= 0) continue;
    const middle = network.body.edges[t]?.edgeType.getPoint(0.5);
    if (!middle) continue;
    context.beginPath();
    context.arc(middle.x, middle.y, radius, 0, 2 * Math.PI);
    context.fillStyle = ink.bad;
    context.fill();
    context.fillStyle = ink.paper;
    context.fillRect(middle.x - radius * 0.55, middle.y - radius * 0.13, radius * 1.1, radius * 0.26);
  }
}

// --- labels: most influential first; four places each; never on another label, rarely on a symbol -----------------
const screen = (x, y) => network.canvasToDOM({ x, y });
const overlap = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function symbolBoxes(scale) {
  const boxes = [];
  for (let i = 0; i < count; i += 1) {
    if (!scene.shown[i] || (state.focus !== null && scene.steps[i] < 0)) continue;
    const r = sizeOf(i) * scale;
    const { x, y } = screen(drawn.nodes[i].x, drawn.nodes[i].y);
    if (x > -r && y > -r && x < box.clientWidth + r && y < box.clientHeight + r) boxes.push({ i, r, cx: x, cy: y, x: x - r, y: y - r, w: 2 * r, h: 2 * r });
  }
  return boxes;
}

function style(i) {
  const family = getComputedStyle(document.body).fontFamily;
  const small = box.clientWidth < 600 ? 1.5 : 0;
  if (i === state.focus || i < namedAlways()) return { font: `650 ${12.5 - small}px ${family}`, h: 15 - small, tolerance: 99 };
  return i < 40 ? { font: `500 ${12 - small}px ${family}`, h: 14 - small, tolerance: 1 } : { font: `400 ${11 - small / 2}px ${family}`, h: 13, tolerance: 0 };
}

// Right, left, above, below; for the most influential also further out, so that none of them stays without a name.
function places(symbol, w, h) {
  const { cx, cy, r, i } = symbol;
  const [right, left] = [cx + r + NUDGE, cx - r - NUDGE - w];
  const sides = [[right, cy - h / 2], [left, cy - h / 2], [cx - w / 2, cy - r - 3 - h], [cx - w / 2, cy + r + 3]];
  const rows = i >= namedAlways() ? [] : box.clientWidth < 600 ? [1, -1] : [1, -1, 2, -2, 3, -3];
  rows.forEach((row) => sides.push([right, cy - h / 2 + row * (h + 1)], [left, cy - h / 2 + row * (h + 1)]));
  return sides.map(([x, y]) => ({ x, y, w, h }));
}

// Symbols by the cells of a coarse grid they touch: a label is compared with its neighbours only.
const CELL = 90;
function cellsOf(area) {
  const keys = [];
  for (let x = Math.floor(area.x / CELL); x <= (area.x + area.w) / CELL; x += 1) {
    for (let y = Math.floor(area.y / CELL); y <= (area.y + area.h) / CELL; y += 1) keys.push(x * 4096 + y);
  }
  return keys;
}
function gridOf(boxes) {
  const grid = new Map();
  for (const each of boxes) for (const key of cellsOf(each)) (grid.get(key) ?? grid.set(key, []).get(key)).push(each);
  return grid;
}
const near = (grid, area) => new Set(cellsOf(area).flatMap((key) => grid.get(key) ?? []));

function bestPlace(symbol, w, look, taken, grid) {
  let best = null;
  for (const [order, place] of places(symbol, w, look.h).entries()) {
    if (place.x < 3 || place.y < 3 || place.x + w > box.clientWidth - 3 || place.y + look.h > box.clientHeight - 3) continue;
    if (taken.some((other) => overlap(place, other))) continue;
    const covered = [...near(grid, place)].filter((other) => other !== symbol && overlap(place, other)).length;
    const cost = covered + order * 0.2;
    if (covered <= look.tolerance && (!best || cost < best.cost)) best = { ...place, cost };
  }
  return best;
}

function write(context, text, x, y, halo, color) {
  context.strokeStyle = halo;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

function drawTitles(context, taken) {
  context.font = `650 ${box.clientWidth < 600 ? 9 : 11}px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = "center";
  if ("letterSpacing" in context) context.letterSpacing = "0.6px";
  context.globalAlpha = state.focus === null ? 1 : 0.75;
  for (const each of islands.filter(islandShown)) {
    const { x, y } = screen(each.middle, each.top);
    const text = each.label.toLocaleUpperCase("en");
    const w = context.measureText(text).width;
    const center = Math.min(Math.max(x, w / 2 + 8), box.clientWidth - w / 2 - 8);
    if (Math.abs(center - x) > w) continue; // its island is out of sight
    const place = { x: center - w / 2, y: y - 19, w, h: 15 };
    if (taken.some((other) => overlap(place, other))) continue;
    taken.push(place);
    write(context, text, center, y - 11, ink.paper, mix(each.hue, ink.ink, 0.72));
  }
  if ("letterSpacing" in context) context.letterSpacing = "0px";
  context.globalAlpha = 1;
  context.textAlign = "left";
}

function drawLabels(context) {
  const ratio = context.canvas.width / context.canvas.clientWidth;
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(context, { lineJoin: "round", lineWidth: 3.4, textBaseline: "middle" });
  const taken = [];
  drawTitles(context, taken);
  const symbols = symbolBoxes(network.getScale());
  if (state.focus !== null) symbols.sort((a, b) => (b.i === state.focus) - (a.i === state.focus) || a.i - b.i);
  const grid = gridOf(symbols);
  labelBoxes = [];
  for (const [place, symbol] of symbols.entries()) {
    if (labelBoxes.length >= MOST_LABELS || place > 4 * MOST_LABELS) break;
    const look = style(symbol.i);
    context.font = look.font;
    const text = clip(people.name[symbol.i], 32);
    const spot = bestPlace(symbol, context.measureText(text).width, look, taken, grid);
    if (!spot) continue;
    taken.push(spot);
    labelBoxes.push({ ...spot, node: symbol.i });
    write(context, text, spot.x, spot.y + look.h / 2, ink.paper, ink.ink);
  }
  context.restore();
}
