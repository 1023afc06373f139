// Labels at a constant size which never lie on each other: most influential first, four places each, rarely on a
// symbol. Zooming in brings more of them; the foremost are always named.
const MOST_LABELS = 140;
const NAMED_ALWAYS = 10;
const NUDGE = 5;
const LEAST_NAME = 36; // pixels: names are not shortened further
let foremost = new Set(); // the most influential of those on the map
let canvasSize = { w: 0, h: 0 }; // in screen pixels; asking the page for it is slow
let labelBoxes = []; // where labels lie, in screen pixels: {x, y, w, h, node, text, font}
const overlap = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function symbolBox(i, view) {
  const r = (sizeOf(i) + (looks[i].ring ?? 0)) * view.scale;
  const [cx, cy] = [place.x[i] * view.scale + view.tx, place.y[i] * view.scale + view.ty];
  return { i, r, cx, cy, x: cx - r, y: cy - r, w: 2 * r, h: 2 * r, stamp: 0 };
}
function symbolBoxes(view) {
  const boxes = [];
  for (const i of onMap) {
    if (scene.faded[i]) continue;
    const each = symbolBox(i, view);
    if (each.cx > -each.r && each.cy > -each.r && each.cx < canvasSize.w + each.r && each.cy < canvasSize.h + each.r) boxes.push(each);
  }
  return boxes;
}

function style(i) {
  const small = canvasSize.w < 600 ? 1.5 : 0;
  if (looks[i].named || foremost.has(i)) return { font: `650 ${12.5 - small}px ${ink.family}`, h: 15 - small, tolerance: 99, named: true };
  return i < 40 ? { font: `500 ${12 - small}px ${ink.family}`, h: 14 - small, tolerance: 1 } : { font: `400 ${11 - small / 2}px ${ink.family}`, h: 13, tolerance: 0 };
}
const widths = new Map(); // measuring text is slow; the same texts come at each frame
function widthOf(context, text, font) {
  const key = `${font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    context.font = font;
    width = context.measureText(text).width;
    if (widths.size > 6000) widths.clear();
    widths.set(key, width);
  }
  return width;
}

// Right, left, above, below; for those always named also further out, so that none of them stays without a name.
const FURTHER = Array.from({ length: 24 }, (_, k) => (k % 2 ? -1 : 1) * (1 + (k >> 1)));
const sidesFor = (named) => (named ? 4 + 2 * FURTHER.length : 4);
function side(order, { cx, cy, r }, w, h) {
  const beside = order % 2 ? cx - r - NUDGE - w : cx + r + NUDGE;
  if (order < 2) return { x: beside, y: cy - h / 2, w, h };
  if (order < 4) return { x: cx - w / 2, y: order === 2 ? cy - r - 3 - h : cy + r + 3, w, h };
  return { x: beside, y: cy - h / 2 + FURTHER[(order - 4) >> 1] * (h + 1), w, h };
}
const inSight = ({ x, y, w, h }) => x >= 3 && y >= 3 && x + w <= canvasSize.w - 3 && y + h <= canvasSize.h - 3;

// How many symbols a label would cover; no need to know more than one too many.
let stamp = 0;
function covers(grid, area, own, most) {
  stamp += 1;
  let n = 0;
  eachCell(area, (key) => {
    for (const other of grid.get(key) ?? []) {
      if (other === own || other.stamp === stamp || !overlap(area, other)) continue;
      other.stamp = stamp;
      n += other.first < 2 ? 3 : 1; // rather further out than on one who is named too
      if (n > most) return true;
    }
    return false;
  });
  return n;
}

function bestPlace(symbol, w, look, { taken, grid, frame }) {
  let best = null;
  for (let order = 0; order < sidesFor(look.named); order += 1) {
    if (best && best.cost <= order * 0.2) break; // what comes later is further out
    const area = side(order, symbol, w, look.h);
    if (frame && order > 1 && order < 4) { // above or below, in the frame
      area.shift = Math.max(frame.x, Math.min(area.x, frame.x + frame.w - w)) - area.x;
      area.x += area.shift;
    }
    if (!inSight(area) || (frame && !holds(frame, area)) || meets(taken, area)) continue;
    const covered = covers(grid, area, symbol, look.tolerance);
    if (covered <= look.tolerance && (!best || covered + order * 0.2 < best.cost)) best = { ...area, order, cost: covered + order * 0.2 };
  }
  return best;
}

function write(context, text, x, y, color) {
  context.strokeStyle = ink.paper;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}
function drawLabels(context) {
  const view = viewOf();
  canvasSize = { w: box.clientWidth, h: box.clientHeight };
  const ratio = context.canvas.width / canvasSize.w;
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  Object.assign(context, { lineJoin: "round", lineWidth: 3.4, textBaseline: "middle", textAlign: "left" });
  const taken = new Map();
  labelBoxes = [];
  if (arrival === 1) {
    floats.forEach((each) => put(taken, each));
    if (layoutNow().axes) drawAxisWords(context, view, taken);
    drawBubbleLabels(context, view, taken);
    // Titles of frames have a strip of their own; those of islands give way to marks.
    const steps = [() => markBoxes(view).forEach((each) => put(taken, each)), () => drawTitles(context, view, taken)];
    (layoutNow().frames ? steps.reverse() : steps).forEach((step) => step());
    drawNames(context, view, taken, ratio);
  }
  context.restore();
}
// While a large map moves, the names it has stay where they are at their symbols; at rest, all are placed anew.
let placed = [];
function drawNames(context, view, taken, ratio) {
  placed = tiesHidden() ? kept(view, taken) : placedAnew(context, view, taken);
  labelBoxes = placed;
  for (const each of placed) {
    if (each.order > 3) pointer(context, each.symbol, each);
    copyName(context, each, ratio);
  }
}
function kept(view, taken) {
  return placed.filter((each) => scene.drawn[each.node]).map((each) => {
    const symbol = symbolBox(each.node, view);
    const area = side(each.order, symbol, each.w, each.h);
    return { ...each, symbol, ...area, x: area.x + (each.shift ?? 0) };
  }).filter((each) => {
    const free = inSight(each) && !meets(taken, each);
    if (free) put(taken, each);
    return free;
  });
}
function placedAnew(context, view, taken) {
  const symbols = symbolBoxes(view);
  const first = (symbol) => (symbol.i === state.focus ? 0 : looks[symbol.i].named || foremost.has(symbol.i) ? 1 : 2);
  symbols.forEach((symbol) => { symbol.first = first(symbol); });
  symbols.sort((a, b) => a.first - b.first || a.i - b.i);
  const grid = new Map();
  symbols.forEach((symbol) => put(grid, symbol));
  const found = [];
  for (const [order, symbol] of symbols.entries()) {
    if (found.length >= MOST_LABELS || order > 4 * MOST_LABELS) break;
    const look = style(symbol.i);
    const each = laid(context, symbol, look, { taken, grid, frame: frameBox(symbol.i, view) });
    if (!each) continue;
    put(taken, each);
    found.push(each);
  }
  return found;
}
// Where a name goes: whole and in its frame, or else shortened there, or else, for those always named, beyond it.
function laid(context, symbol, look, around) {
  const { frame } = around;
  const place = (text, where, as = look) => {
    const area = bestPlace(symbol, widthOf(context, text, look.font), as, where);
    return area && { ...area, symbol, node: symbol.i, text, font: look.font };
  };
  const whole = clip(people.name[symbol.i], 32);
  if (!frame) return place(whole, around);
  const clear = look.named ? look : { ...look, tolerance: 0 };
  const most = Math.max(frame.x + frame.w - symbol.cx, symbol.cx - frame.x) - symbol.r - NUDGE - 1;
  const width = widthOf(context, whole, look.font);
  const shorter = (room) => (room > LEAST_NAME && room < width ? place(fitted(context, whole, look.font, room), around, clear) : null);
  return place(whole, around, clear) ?? shorter(most) ?? shorter(Math.min(most, 0.72 * width)) ?? place(whole, around) ?? (look.named ? place(whole, { ...around, frame: null }) : null);
}
// A thin line to the symbol of a name which had to go further out.
function pointer(context, { cx, cy, r }, { x, y, w, h }) {
  const from = x > cx ? x - 2 : x + w + 2;
  context.save();
  Object.assign(context, { strokeStyle: ink.soft, lineWidth: 1, globalAlpha: 0.7 });
  context.beginPath();
  context.moveTo(from, y + h / 2);
  context.lineTo(cx + Math.sign(from - cx) * r * 0.7, cy + Math.sign(y + h / 2 - cy) * r * 0.7);
  context.stroke();
  context.restore();
}
