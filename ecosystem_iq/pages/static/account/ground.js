// What lies under ties and symbols: tinted islands of communities, frames with titles, or axes; and the minus signs on
// opposing ties.
const ISLAND_PAD = 30;
let islands = [];

function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turns = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list) => {
    const chain = [];
    for (const point of list) {
      while (chain.length > 1 && turns(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

// Islands for communities of four or more, as long as there is more than one and not too many to tell apart.
function makeIslands() {
  const large = data.communities.map((_, c) => c).filter((c) => members[c].length >= 4);
  if (large.length < 2 || (large.length > 24 && !data.collapsed)) { islands = []; return; }
  islands = large.map((c) => {
    const corners = hull(members[c].map((i) => [HOME.x[i], HOME.y[i]]));
    const [xs, ys] = [corners.map((p) => p[0]), corners.map((p) => p[1])];
    return {
      community: c, corners, top: Math.min(...ys) - ISLAND_PAD, middle: (Math.min(...xs) + Math.max(...xs)) / 2,
      hue: data.hues[c % data.hues.length], label: clip(shortLabel(c), 40),
    };
  });
}
const islandsNow = () => (state.layout === "communities" && arrival === 1
  ? islands.filter(({ community }) => !isCollapsed(community) && !state.off.community.has(community) && members[community].some((i) => scene.shown[i])) : []);

function drawGround(context, view) {
  context.save();
  context.lineJoin = "round";
  islandsNow().forEach((each) => drawIsland(context, each));
  drawBubbles(context, view);
  context.globalAlpha = arrival;
  (layoutNow().frames ?? []).forEach((frame) => drawFrame(context, frame, view));
  if (layoutNow().axes) drawAxes(context, view);
  context.restore();
}
function drawIsland(context, each) {
  context.lineWidth = 2 * ISLAND_PAD;
  // One opaque tint for fill and rim: half-transparent ones would show a seam where they overlap.
  context.fillStyle = mixed(each.hue, ink.paper, ink.dark ? 0.17 : 0.09);
  context.strokeStyle = context.fillStyle;
  context.beginPath();
  each.corners.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.stroke();
  context.fill();
}
function drawFrame(context, { x, y, w, h }, view) {
  Object.assign(context, { fillStyle: mixed(ink.ink, ink.paper, 0.025), strokeStyle: ink.line, lineWidth: 1 / view.scale });
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(18, w / 2, h / 2));
  context.fill();
  context.stroke();
}

// Axes. Around frames, whose titles are the words of the horizontal one: an arrow at the left. Else around everybody's
// places: a line below and at the left, thin ones where each word of the horizontal axis stands.
const AXIS_PAD = 46;
const AXIS_APART = 9; // of the arrow from the frames, in pixels of the screen
let axisMemo = { layout: null, area: null };
function axisArea() {
  const layout = layoutNow();
  if (layout.frames?.length) return extentOf(layout.frames);
  if (axisMemo.layout !== layout) {
    const [[left, right], [top, bottom]] = [rangeOf(layout.x), rangeOf(layout.y)];
    axisMemo = { layout, area: { left: left - AXIS_PAD, right: right + AXIS_PAD, top: top - AXIS_PAD, bottom: bottom + AXIS_PAD } };
  }
  return axisMemo.area;
}
function axisTicks() {
  const { left, right } = axisArea();
  const words = layoutNow().axes.x;
  const [first, last] = [left + AXIS_PAD, right - AXIS_PAD];
  return words.map((word, k) => ({ word, x: words.length > 1 ? first + ((last - first) * k) / (words.length - 1) : (first + last) / 2 }));
}
function drawAxes(context, view) {
  const { left, right, top, bottom } = axisArea();
  const unit = 1 / view.scale;
  if (layoutNow().frames) { drawArrowUp(context, left - AXIS_APART * unit, top, bottom, unit); return; }
  Object.assign(context, { strokeStyle: ink.line, lineWidth: unit });
  context.beginPath();
  axisTicks().forEach(({ x }) => { context.moveTo(x, top); context.lineTo(x, bottom); });
  context.stroke();
  Object.assign(context, { strokeStyle: ink.soft, lineWidth: 1.2 * unit });
  context.beginPath();
  context.moveTo(left, top);
  context.lineTo(left, bottom);
  context.lineTo(right, bottom);
  context.stroke();
}
function drawArrowUp(context, x, top, bottom, unit) {
  Object.assign(context, { strokeStyle: ink.soft, lineWidth: 1.2 * unit });
  context.beginPath();
  context.moveTo(x, bottom);
  context.lineTo(x, top);
  context.moveTo(x - 4 * unit, top + 7 * unit);
  context.lineTo(x, top);
  context.lineTo(x + 4 * unit, top + 7 * unit);
  context.stroke();
}

// Corners of what must be in sight besides the symbols.
function groundCorners() {
  if (!count) return [];
  const { frames, axes } = layoutNow();
  if (axes) { const { left, right, top, bottom } = axisArea(); return [[left, top], [right, bottom]]; }
  if (frames) return frames.flatMap(({ x, y, w, h }) => [[x, y], [x + w, y + h]]);
  return bubblesNow().flatMap(({ x, y, r }) => [[x - r, y - r], [x + r, y + r]]);
}

function drawMinuses(context) {
  if (!scene.dimmed) return;
  const opposing = batches.reduce((sum, { look, list }) => sum + (look.lit ? list.filter((t) => ties.sign[t] < 0).length : 0), 0);
  const size = (opposing > 30 ? 4.5 : 7) / network.view.scale;
  for (const { look, list } of batches) {
    if (!look.lit) continue;
    for (const t of list) {
      if (ties.sign[t] >= 0) continue;
      const middle = pointOn(curveOf(t), 0.5);
      context.beginPath();
      context.arc(middle.x, middle.y, size, 0, 2 * Math.PI);
      context.fillStyle = ink.bad;
      context.fill();
      context.fillStyle = ink.paper;
      context.fillRect(middle.x - size * 0.55, middle.y - size * 0.13, size * 1.1, size * 0.26);
    }
  }
}
