// Where the marks of "who next" stand: each at that side of its symbol where it covers least. Where there is no room
// for one, it waits for a nearer view; the first three never wait.
const OUTSIDE = 6; // pixels from the rim of the symbol to the middle of its mark
const STRAIGHT = Math.SQRT2;
const CORNERS = [[-1, -1], [1, -1], [-1, 1], [1, 1], [0, -STRAIGHT], [0, STRAIGHT], [-STRAIGHT, 0], [STRAIGHT, 0]];
const TICKED = CORNERS[1]; // where those marked as engaged have their tick
const FURTHER_OUT = CORNERS.map(([right, down]) => [right, down, 13]);
const NEVER_WAIT = 3;
const EACH = 14000; // square pixels of the map for each number, so that names still have room
const MOST_COVERED = { number: 0.7, minus: 0.35 }; // of other symbols, as shares of the smaller disc
const LEGIBLE = 4.5; // radius in pixels of the screen: at smaller symbols, minuses would hide what they mark

const numberSize = (row) => (row.rank > 99 ? 11 : isPhone() ? 8 : 9);
const minusSize = (i, scale) => Math.min(7, Math.max(5.5, 0.9 * sizeOf(i) * scale));

// Corners are chosen once for a scene and a scale (in steps, so that zooming does not choose anew at each frame).
let settling = { key: "", scene: null, corners: new Map(), left: 0 };
function settledMarks() {
  const key = [Math.round(6 * Math.log2(viewOf().scale)), boost, state.layout, outward.x, outward.y, arrival, isPhone()].join();
  if (settling.scene === scene && settling.key === key) return settling;
  const before = settling.left;
  settling = { key, scene, ...settle() };
  if (settling.left !== before) setTimeout(drawStatus);
  return settling;
}
const leftOut = () => (network && arrival === 1 ? settledMarks().left : 0);

function settle() {
  const view = { ...viewOf(), tx: 0, ty: 0 };
  const grid = new Map();
  onMap.filter((i) => !scene.faded[i]).forEach((i) => put(grid, symbolBox(i, view)));
  const titles = titleStrips(view);
  const placed = [];
  const corners = new Map();
  const seat = (i, r, most, choices) => {
    const found = bestCorner(i, r, { view, grid, placed, titles, most, choices });
    if (!found) return false;
    placed.push(found.disc);
    corners.set(i, found.corner);
    return true;
  };
  let left = 0;
  const most = Math.max(NEVER_WAIT, Math.floor((box.clientWidth * box.clientHeight) / (EACH * Math.min(1, view.scale ** -2))));
  for (const row of proposals) {
    if (!scene.drawn[row.node]) continue;
    const first = row.rank <= NEVER_WAIT;
    if (placed.length >= most || !seat(row.node, numberSize(row), first ? Infinity : MOST_COVERED.number, first ? [...CORNERS, ...FURTHER_OUT] : CORNERS)) left += 1;
  }
  for (const { node } of refusals) {
    if (scene.drawn[node] && sizeOf(node) * view.scale >= LEGIBLE) seat(node, minusSize(node, view.scale), MOST_COVERED.minus, CORNERS);
  }
  return { corners, left };
}
// Where titles of frames are written, about.
function titleStrips({ scale }) {
  return (layoutNow().frames ?? []).map(({ label, x, y, w }) => {
    const wide = Math.min(w * scale, 7 * label.length);
    return { x: (x + w / 2) * scale - wide / 2, y: y * scale + Math.max(3, 16 * scale - 8), w: wide, h: 15 };
  });
}
function bestCorner(i, r, { view, grid, placed, titles, most, choices }) {
  let best = null;
  for (const [order, corner] of choices.entries()) {
    if (state.engaged.has(i) && corner === TICKED) continue;
    const reach = rimReach(i, corner) * view.scale + (corner[2] ?? OUTSIDE);
    const disc = { x: place.x[i] * view.scale + corner[0] * reach * DIAGONAL, y: place.y[i] * view.scale + corner[1] * reach * DIAGONAL, r };
    if (placed.some((other) => Math.hypot(other.x - disc.x, other.y - disc.y) < other.r + r + 1)) continue;
    if (titles.some((area) => overlap(area, { x: disc.x - r, y: disc.y - r, w: 2 * r, h: 2 * r }))) continue;
    const cost = coveredBy(disc, i, grid) + 0.04 * order;
    if (!best || cost < best.cost) best = { corner, disc, cost };
  }
  return best && best.cost <= most + 0.3 ? best : null;
}
// How deep a disc lies over symbols of others: 1 where it covers one whole.
function coveredBy({ x, y, r }, own, grid) {
  const seen = new Set([own]);
  let sum = 0;
  eachCell({ x: x - r, y: y - r, w: 2 * r, h: 2 * r }, (key) => {
    for (const other of grid.get(key) ?? []) {
      if (seen.has(other.i)) continue;
      seen.add(other.i);
      sum += Math.max(0, Math.min(1, (r + other.r - Math.hypot(x - other.cx, y - other.cy)) / (2 * Math.min(r, other.r))));
    }
    return false;
  });
  return sum;
}
