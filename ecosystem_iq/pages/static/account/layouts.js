// Arrangements, and how they fill the map. Those in frames are drawn out, across or down, to the shape of the map:
// nothing comes closer by that.
const MOST_OUT = 3.5;
const HOME = { x: drawn.x, y: drawn.y };
let outward = { x: 1, y: 1 };
let drawnOut = null; // the arrangement in force, drawn out: {given, outward, layout}
const asGiven = () => data.layouts.find((each) => each.id === state.layout) ?? data.layouts[0];

function layoutNow() {
  const given = asGiven();
  if (!given.frames?.length) return given;
  if (drawnOut?.given !== given || drawnOut.outward !== outward) drawnOut = { given, outward, layout: pulled(given, outward) };
  return drawnOut.layout;
}
function pulled(given, { x, y }) {
  const frames = given.frames.map((frame) => ({ ...frame, x: frame.x * x, y: frame.y * y, w: frame.w * x, h: frame.h * y }));
  return { ...given, frames, x: given.x.map((value) => value * x), y: given.y.map((value) => value * y) };
}
const goals = () => { const { x, y } = layoutNow(); return { x: x ?? HOME.x, y: y ?? HOME.y }; };

// Room at the sides of the map for names, titles, the words of axes, and what floats over it; in pixels of the screen.
function sidesNow(framed) {
  const small = box.clientWidth < 600;
  const top = small || stage.querySelector(".mode") ? 58 : 16;
  if (!framed) return { across: small ? 30 : 84, top: 62, bottom: small ? 26 : 62 };
  const words = asGiven().axes ? 18 : 0;
  return { across: words ? 22 : 14, top: top + words, bottom: (small ? 10 : 56) + words };
}
function freeArea(framed) {
  const { across, top, bottom } = sidesNow(framed);
  return { w: Math.max(80, box.clientWidth - 2 * across), h: Math.max(80, box.clientHeight - top - bottom), lift: (bottom - top) / 2 };
}
// Takes up the shape of the map; whether anything has moved by that.
function reshape() {
  const { frames } = asGiven();
  const before = outward;
  outward = { x: 1, y: 1 };
  if (frames?.length && box.clientWidth) {
    const { w, h } = extentOf(frames);
    const free = freeArea(true);
    const share = (w / h) / (free.w / free.h);
    outward = share > 1 ? { x: 1, y: Math.min(MOST_OUT, share) } : { x: Math.min(MOST_OUT, 1 / share), y: 1 };
  }
  if (before.x === outward.x && before.y === outward.y) { outward = before; return false; }
  return true;
}
function extentOf(frames) {
  const [left, right] = rangeOf(frames.flatMap(({ x, w }) => [x, x + w]));
  const [top, bottom] = rangeOf(frames.flatMap(({ y, h }) => [y, y + h]));
  return { left, right, top, bottom, w: right - left, h: bottom - top };
}

// The frame which holds each stakeholder, or null.
let framing = null; // {layout, of}
function frameOf(i) {
  const layout = layoutNow();
  if (!layout.frames?.length) return null;
  if (framing?.layout !== layout) {
    const inside = (k) => layout.frames.find(({ x, y, w, h }) => layout.x[k] >= x && layout.x[k] <= x + w && layout.y[k] >= y && layout.y[k] <= y + h);
    framing = { layout, of: people.name.map((_, k) => inside(k) ?? null) };
  }
  return framing.of[i];
}
