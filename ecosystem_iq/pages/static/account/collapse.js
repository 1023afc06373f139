// Above 2,000 stakeholders, communities start as bubbles: one circle each, as large as its members need, with a ring
// for their share of influence and the ties between them summed. A bubble opens in place; others stay closed.
const LEAST = 8; // smaller communities are always open
const MOST_DRAWN = 4000; // symbols at a time; who is beyond is in the table and in the search
const MOST_ARRANGED = 1500; // in layouts which have no communities
const HOME_LAYOUT = data.layouts[0].id;
const isCollapsible = (c) => Boolean(data.collapsed) && (members[c]?.length ?? 0) >= LEAST;
const isCollapsed = (c) => isCollapsible(c) && state.layout === HOME_LAYOUT && !state.open.has(c);
const allBubbles = data.communities.map((_, c) => (isCollapsible(c) ? circleOf(c) : null));
let bubbles = []; // now on the map: {c, x, y, r, n, share}
let bundles = []; // ties between bubbles, or bubbles and open stakeholders, summed: {a, b, n}
let cursor = null; // the community which the keyboard stands at

function circleOf(c) {
  const list = members[c];
  const mean = (axis) => list.reduce((sum, i) => sum + drawn[axis][i], 0) / list.length;
  const [x, y] = [mean("x"), mean("y")];
  const spread = list.reduce((sum, i) => sum + (drawn.x[i] - x) ** 2 + (drawn.y[i] - y) ** 2, 0) / list.length;
  return { c, x, y, r: Math.max(28, Math.sqrt(spread)) };
}

// Who has a symbol of their own on the map.
function drawnNow(next) {
  if (!data.collapsed) return next.shown;
  const near = (i) => next.dimmed && !next.faded[i];
  const flags = Uint8Array.from(next.shown, (flag, i) => (flag && (!isCollapsed(people.community[i]) || near(i)) ? 1 : 0));
  let left = state.layout === HOME_LAYOUT ? MOST_DRAWN : MOST_ARRANGED;
  for (let i = 0; i < count; i += 1) if (flags[i] && near(i)) left -= 1; // these come first
  for (let i = 0; i < count; i += 1) {
    if (!flags[i] || (near(i) && left >= 0)) continue;
    left -= 1;
    if (left < 0) flags[i] = 0;
  }
  return flags;
}

function gatherBubbles() {
  const present = data.communities.map(() => ({ n: 0, share: 0 }));
  for (let i = 0; i < count; i += 1) {
    if (!scene.shown[i]) continue;
    present[people.community[i]].n += 1;
    present[people.community[i]].share += people.influence[i];
  }
  bubbles = allBubbles.filter((each) => each && isCollapsed(each.c) && present[each.c].n).map((each) => ({ ...each, ...present[each.c] }));
  bundles = bubbles.length ? gatherBundles() : [];
}
const bubblesNow = () => (arrival === 1 ? bubbles : []);
function gatherBundles() {
  const stands = (i) => (scene.drawn[i] ? i : isCollapsed(people.community[i]) ? count + people.community[i] : -1);
  const found = new Map();
  for (let t = 0; t < tieCount; t += 1) {
    if (!scene.tieShown[t]) continue;
    const [p, q] = [stands(ties.source[t]), stands(ties.target[t])];
    if (p < 0 || q < 0 || p === q || (p < count && q < count)) continue;
    const [a, b] = p < q ? [p, q] : [q, p];
    const key = a * (count + data.communities.length) + b;
    const bundle = found.get(key) ?? found.set(key, { a, b, n: 0 }).get(key);
    bundle.n += 1;
  }
  return foremostOf([...found.values()]);
}
// Each bubble keeps its strongest few: all of them together would be a grey cloud.
const STRONGEST = 4;
const MOST_BUNDLES = 1200;
function foremostOf(all) {
  all.sort((p, q) => q.n - p.n || p.a - q.a || p.b - q.b);
  const kept = new Map();
  const mayKeep = (k) => k < count || (kept.get(k) ?? 0) < STRONGEST;
  const between = all.filter(({ a, b }) => {
    if (a < count || !(mayKeep(a) || mayKeep(b))) return false;
    [a, b].forEach((k) => kept.set(k, (kept.get(k) ?? 0) + 1));
    return true;
  });
  return [...all.filter(({ a }) => a < count).slice(0, MOST_BUNDLES), ...between];
}

const spot = (k) => (k < count ? { x: place.x[k], y: place.y[k] } : allBubbles[k - count]);
function drawBundles(context, view) {
  const most = Math.max(...bundles.map((each) => (each.a >= count ? each.n : 0)), 1);
  context.strokeStyle = ink.edge;
  for (const { a, b, n } of bundles) {
    const between = a >= count; // two bubbles
    context.globalAlpha = (between ? 0.22 : 0.1) * (scene.dimmed ? 0.3 : 1);
    context.lineWidth = (between ? 0.7 + 4 * (n / most) ** 2 : 0.7) / view.scale;
    const [from, to] = [spot(a), spot(b)];
    const q = bow(from.x, from.y, to.x, to.y, 0.14);
    context.beginPath();
    context.moveTo(q.x1, q.y1);
    context.quadraticCurveTo(q.cx, q.cy, q.x2, q.y2);
    context.stroke();
  }
  context.globalAlpha = 1;
}
function drawBubbles(context, view) {
  if (!bubblesNow().length) return;
  if (!tiesHidden()) drawBundles(context, view);
  bubbles.forEach((each) => drawBubble(context, each, 1 / view.scale));
  context.globalAlpha = 1;
}
function drawBubble(context, { c, x, y, r, share }, pixel) {
  const hue = data.hues[c % data.hues.length];
  const circle = (radius, part, width, color) => {
    Object.assign(context, { lineWidth: width, strokeStyle: color });
    context.beginPath();
    context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * part);
    context.stroke();
  };
  context.globalAlpha = scene.dimmed ? 0.4 : 1;
  context.fillStyle = mixed(hue, ink.paper, ink.dark ? 0.26 : 0.16);
  context.beginPath();
  context.arc(x, y, r, 0, 2 * Math.PI);
  context.fill();
  circle(r, 1, 4 * pixel, mixed(hue, ink.paper, 0.3));
  circle(r, Math.min(share, 1), 4 * pixel, mixed(hue, ink.ink, 0.85));
  if (c === cursor && document.activeElement === box) circle(r + 7 * pixel, 1, 2 * pixel, ink.accent);
}

// Two lines in each bubble, or below where it is too small, the largest first; where two would meet, the smaller has none.
function drawBubbleLabels(context, view, taken) {
  context.globalAlpha = scene.dimmed ? 0.5 : 1;
  for (const { c, x, y, r, n, share } of [...bubblesNow()].sort((a, b) => b.n - a.n)) {
    const lines = [[clip(shortLabel(c), 26), `650 12px ${ink.family}`, ink.ink], [`${n.toLocaleString("en")} · ${percent(share)}`, `400 11px ${ink.family}`, ink.soft]];
    const w = Math.max(...lines.map(([text, font]) => widthOf(context, text, font)));
    const cx = x * view.scale + view.tx;
    const cy = y * view.scale + view.ty + (2.1 * r * view.scale > w ? 0 : r * view.scale + 20);
    const area = { x: cx - w / 2, y: cy - 15, w, h: 30 };
    if (area.x + w < 0 || area.x > canvasSize.w || meets(taken, area)) continue;
    put(taken, area);
    lines.forEach(([text, font, color], row) => {
      context.font = font;
      write(context, text, cx - widthOf(context, text, font) / 2, cy - 7 + 15 * row, color);
    });
  }
  context.globalAlpha = 1;
}

const bubbleAt = (point) => {
  const { scale, tx, ty } = viewOf();
  return bubblesNow().find(({ x, y, r }) => Math.hypot(point.x - x * scale - tx, point.y - y * scale - ty) <= r * scale + 3) ?? null;
};
const bubbleTip = ({ c, n, share }) => [el("strong", { dir: "auto" }, clip(shortLabel(c), 80)), el("span", {}, `${plural(n, "stakeholder", "stakeholders")}, ${percent(share)} of influence. Click to open.`)];
function openCommunity(c, open) {
  cursor = c;
  if (open) state.open.add(c); else state.open.delete(c);
  if (!open && state.focus !== null && people.community[state.focus] === c) state.focus = null;
  update();
  if (open) show(members[c].filter((i) => scene.drawn[i]), { margin: ISLAND_PAD }); else lookAtChoice(true);
}
// A click on a bubble opens it, one on the title of an open community closes it.
function onBubbleClick(point) {
  const title = titleBoxes.find((each) => each.community !== null && point.x >= each.x - 6 && point.x <= each.x + each.w + 6 && point.y >= each.y - 5 && point.y <= each.y + each.h + 5);
  if (title) { openCommunity(title.community, false); return true; }
  const bubble = nodeAt(point) === null ? bubbleAt(point) : null;
  if (bubble) openCommunity(bubble.c, true);
  return bubble !== null;
}
// Without a focus, arrow keys walk between communities; Enter opens one or goes into it, minus closes it.
function onBubbleKey(event, way) {
  if (!data.collapsed || state.layout !== HOME_LAYOUT || state.focus !== null) return false;
  const stops = allBubbles.filter((each) => each && members[each.c].some((i) => scene.shown[i]));
  if (way && stops.length) {
    const at = cursor === null ? null : allBubbles[cursor];
    cursor = (at ? ahead(at, stops.filter((each) => each.c !== cursor), way)?.c : stops[0].c) ?? cursor;
  } else if (cursor !== null && event.key === "Enter") {
    if (isCollapsed(cursor)) openCommunity(cursor, true); else focusOn(members[cursor].find((i) => scene.drawn[i]) ?? null);
  } else if (cursor !== null && event.key === "-") openCommunity(cursor, false);
  else return false;
  drawStatus();
  redraw();
  return true;
}
statusParts.push(() => {
  if (!data.collapsed) return null;
  const at = cursor !== null && state.focus === null && state.layout === HOME_LAYOUT ? `at ${clip(shortLabel(cursor), 60)} (${isCollapsed(cursor) ? "Enter opens it" : "open, minus closes it"})` : null;
  const closed = bubbles.length ? `${plural(bubbles.length, "community", "communities")} collapsed` : null;
  const most = total(scene.drawn) < scene.nodeTotal && !bubbles.length ? `the ${total(scene.drawn).toLocaleString("en")} most influential are drawn` : null;
  return [closed, most, at].filter(Boolean).join(" · ");
});
