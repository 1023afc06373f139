// Ties as curves: pale ones many at a stroke, lit ones (in focus, on a path) with colour, dash, and arrows.
const place = { x: new Float64Array(count), y: new Float64Array(count) }; // where everybody stands now
// How far each tie bends: more between communities, and more for each further tie of the same direction. It bends
// clockwise as seen from its source, so that A → B and B → A never lie on each other.
const bends = (() => {
  const seen = new Map();
  return Float64Array.from(ties.source, (source, t) => {
    const target = ties.target[t];
    const before = seen.get(source * count + target) ?? 0;
    seen.set(source * count + target, before + 1);
    return (people.community[source] === people.community[target] ? 0.1 : 0.16) + 0.12 * before;
  });
})();

// A curve from (x1, y1) to (x2, y2) with one control point, bent clockwise.
function bow(x1, y1, x2, y2, bend) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const [along, turn] = [0.5 + bend / 2, (bend * Math.PI) / 2];
  const [c, s] = [along * Math.cos(turn), along * Math.sin(turn)];
  return { x1, y1, cx: x1 + c * dx + s * dy, cy: y1 + c * dy - s * dx, x2, y2 };
}
function curveOf(t) {
  const [a, b] = [ties.source[t], ties.target[t]];
  return bow(place.x[a], place.y[a], place.x[b], place.y[b], bends[t]);
}
function pointOn(q, u) {
  const v = 1 - u;
  return { x: v * v * q.x1 + 2 * u * v * q.cx + u * u * q.x2, y: v * v * q.y1 + 2 * u * v * q.cy + u * u * q.y2 };
}
// The part of a curve between two of its points.
function partOf(q, u, v) {
  const [from, to] = [pointOn(q, u), pointOn(q, v)];
  const [p, r, s] = [(1 - u) * (1 - v), u * (1 - v) + v * (1 - u), u * v];
  return { x1: from.x, y1: from.y, cx: p * q.x1 + r * q.cx + s * q.x2, cy: p * q.y1 + r * q.cy + s * q.y2, x2: to.x, y2: to.y };
}
// Where a curve leaves the circle around its start.
function leaves(q, distance) {
  let [inside, outside] = [0, 1];
  for (let step = 0; step < 14; step += 1) {
    const middle = (inside + outside) / 2;
    const { x, y } = pointOn(q, middle);
    if (Math.hypot(x - q.x1, y - q.y1) < distance) inside = middle; else outside = middle;
  }
  return outside;
}
const turned = (q) => ({ x1: q.x2, y1: q.y2, cx: q.cx, cy: q.cy, x2: q.x1, y2: q.y1 });

// A lit tie as it is drawn: the curve between the rims of its symbols, and a triangle for each arrow.
function arrowed(t, look) {
  const whole = curveOf(t);
  const length = Math.max(5 + 2.2 * look.width, 7 * pixel);
  const rim = (i) => sizeOf(i) + 2;
  const heads = [];
  const end = (q, i, wanted) => {
    const tip = leaves(q, rim(i));
    if (!wanted) return tip;
    const base = leaves(q, rim(i) + length);
    heads.push(triangle(pointOn(q, tip), pointOn(q, base), length * 0.46));
    return leaves(q, rim(i) + length * 0.8);
  };
  const from = end(whole, ties.source[t], look.arrows.from);
  const to = 1 - end(turned(whole), ties.target[t], look.arrows.to);
  return { curve: from < to ? partOf(whole, from, to) : whole, heads: from < to ? heads : [] };
}
function triangle(tip, base, half) {
  const [dx, dy] = [tip.x - base.x, tip.y - base.y];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [(-dy / length) * half, (dx / length) * half];
  return [[tip.x, tip.y], [base.x + nx, base.y + ny], [base.x - nx, base.y - ny]];
}

// How a tie looks: {color (any CSS colour), opacity, width, dash, arrows: {from, to}, lit}.
function tieLook(t) {
  const strength = ties.strength[t] ?? 0.5;
  const look = scene.lit[t] ? litLook(t, strength) : paleLook(t, strength);
  looksOfTie.forEach((alter) => alter(t, look));
  return look;
}
function paleLook(t, strength) {
  const inside = people.community[ties.source[t]] === people.community[ties.target[t]];
  // Where places follow something else than ties, ties cross the whole map: there they are but a hint.
  const opacity = scene.dimmed ? 0.07 : state.layout !== HOME_LAYOUT ? 0.11 : inside ? 0.4 : 0.2;
  // Few widths, so that many ties can be drawn at a stroke.
  return { color: ink.edge, opacity: opacity * pale, width: 0.5 + 0.2 * Math.round(4 * strength), dash: [], arrows: {}, lit: false };
}
function litLook(t, strength) {
  const stroke = data.strokes[ties.layer[t]];
  const negative = ties.sign[t] < 0;
  return {
    color: negative ? ink.bad : stroke.color, opacity: 1, width: 1.2 + 1.4 * strength, dash: negative ? NEGATIVE.dash : stroke.dash,
    arrows: ties.structure[t] ? {} : { to: true, from: ties.mutual[t] }, lit: true,
  };
}

// Ties of one look, to be drawn at a stroke; the lit ones last.
let batches = [];
let paleTies = 0; // how many of them are not lit
let pale = 1;
const NEGATIVE = { dash: [5, 4] };
function gatherTies() {
  // Many ties: each paler, so that symbols stay in front.
  pale = Math.min(1, Math.sqrt(900 / Math.max(scene.tieTotal, 1)));
  const found = new Map();
  for (let t = 0; t < tieCount; t += 1) {
    if (!scene.tieShown[t] || !scene.drawn[ties.source[t]] || !scene.drawn[ties.target[t]]) continue;
    const look = tieLook(t);
    const key = `${look.lit ? 1 : 0}|${look.color}|${look.opacity}|${look.width}|${look.dash}|${look.arrows.to}|${look.arrows.from}`;
    if (!found.has(key)) found.set(key, { look, list: [] });
    found.get(key).list.push(t);
  }
  paleTies = [...found.values()].reduce((sum, { look, list }) => sum + (look.lit ? 0 : list.length), 0);
  batches = [...found.values()].sort((a, b) => Number(a.look.lit) - Number(b.look.lit) || a.look.opacity - b.look.opacity);
}

const CHUNK = 60; // curves a stroke: crossing ones then still add up
function drawTies(context, view) {
  context.save();
  context.lineCap = "butt";
  for (const { look, list } of batches) {
    if (!look.lit && tiesHidden()) continue;
    Object.assign(context, { strokeStyle: look.color, fillStyle: look.color, globalAlpha: look.opacity, lineWidth: Math.max(look.width, (look.lit ? 1.1 : 0.45) * pixel) });
    context.setLineDash(look.dash.map((dash) => dash * Math.max(1, 0.7 * pixel)));
    if (look.lit) list.forEach((t) => drawLit(context, t, look));
    else drawPale(context, list, view);
  }
  context.restore();
}
function drawPale(context, list, view) {
  let open = 0;
  context.beginPath();
  for (const t of list) {
    const q = curveOf(t);
    if (Math.max(q.x1, q.x2) < view.left || Math.min(q.x1, q.x2) > view.right || Math.max(q.y1, q.y2) < view.top || Math.min(q.y1, q.y2) > view.bottom) continue;
    traceCurve(context, t, q);
    open += 1;
    if (open % CHUNK === 0) { context.stroke(); context.beginPath(); }
  }
  context.stroke();
}
function traceCurve(context, t, q) {
  if (ties.source[t] === ties.target[t]) {
    const r = sizeOf(ties.source[t]);
    context.moveTo(q.x1 + r + 10, q.y1 - r);
    context.arc(q.x1 + r, q.y1 - r, 10, 0, 2 * Math.PI);
    return;
  }
  context.moveTo(q.x1, q.y1);
  context.quadraticCurveTo(q.cx, q.cy, q.x2, q.y2);
}
function drawLit(context, t, look) {
  const loop = ties.source[t] === ties.target[t];
  const { curve, heads } = loop ? { curve: curveOf(t), heads: [] } : arrowed(t, look);
  context.beginPath();
  traceCurve(context, t, curve);
  context.stroke();
  for (const corners of heads) {
    context.beginPath();
    corners.forEach(([x, y]) => context.lineTo(x, y));
    context.fill();
  }
}
