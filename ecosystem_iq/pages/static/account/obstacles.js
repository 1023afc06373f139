// What names keep off, in pixels of the screen: what floats over the map, marks, and the sides of frames.
// What floats over the map: buttons, the status line. Measured when it may have changed: asking the page is slow.
let floats = [];
function measureFloats() {
  const { left, top } = box.getBoundingClientRect();
  floats = [...stage.querySelectorAll('.mode, .tools button, [data-hook="status"]')].map((each) => each.getBoundingClientRect())
    .filter(({ width }) => width).map(({ x, y, width, height }) => ({ x: x - left - 2, y: y - top - 2, w: width + 4, h: height + 4 }));
}
// Where the marks next to symbols lie.
const markBoxes = (view) => marksShown.filter(({ shape }) => shape !== "ring").map(({ x, y, dx, dy, r }) => {
  const [cx, cy] = [x * view.scale + view.tx + dx, y * view.scale + view.ty + dy];
  return { x: cx - r - 1, y: cy - r - 1, w: 2 * r + 2, h: 2 * r + 2 };
});

// Names stay in the frame of their symbol, as long as there is one and room in it.
function frameBox(i, view) {
  const frame = frameOf(i);
  return frame && { x: frame.x * view.scale + view.tx + 2, y: frame.y * view.scale + view.ty + 2, w: frame.w * view.scale - 4, h: frame.h * view.scale - 4 };
}
const holds = (outer, { x, y, w, h }) => x >= outer.x && y >= outer.y && x + w <= outer.x + outer.w && y + h <= outer.y + outer.h;

// Rectangles by the cells of a coarse grid they touch: a label is compared with its neighbours only.
const CELL = 64;
function eachCell(area, visit) {
  for (let x = Math.floor(area.x / CELL); x <= (area.x + area.w) / CELL; x += 1) {
    for (let y = Math.floor(area.y / CELL); y <= (area.y + area.h) / CELL; y += 1) if (visit(x * 4096 + y)) return true;
  }
  return false;
}
function put(grid, each) { eachCell(each, (key) => { const cell = grid.get(key); if (cell) cell.push(each); else grid.set(key, [each]); }); }
const meets = (grid, area) => eachCell(area, (key) => grid.get(key)?.some((other) => overlap(area, other)));
