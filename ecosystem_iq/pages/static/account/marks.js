// Marks on the map which keep their size on the screen: numbers, arrows and rings next to symbols. Files add functions
// to markSources, each giving a list of {x, y, r, dx, dy, shape, fill, stroke, color, text}: a place on the map, and
// from there an offset and a radius in pixels of the screen. r = null: a ring around stakeholder `node`.
const markSources = [];
const marksNow = () => (count && arrival === 1 ? markSources.flatMap((make) => make()) : []);
const MINUS = "–";
const DIAGONAL = Math.SQRT1_2;
let marksShown = []; // as last drawn: names keep off them

// How far the rim of a symbol is from its middle in a direction; corners reach further than sides.
function rimReach(i, [right, down]) {
  const size = sizeOf(i);
  const corners = POLYGONS[looks[i]?.shape];
  if (!corners) return size;
  const length = Math.hypot(right, down);
  const [dx, dy] = [right / length, down / length];
  let far = 0.5;
  corners.forEach(([x1, y1], k) => {
    const [x2, y2] = corners[(k + 1) % corners.length];
    const across = dx * (y2 - y1) - dy * (x2 - x1);
    if (Math.abs(across) < 1e-9) return;
    const along = (dx * y1 - dy * x1) / -across; // share of the side, where the ray meets it
    const reach = (x1 * (y2 - y1) - y1 * (x2 - x1)) / across;
    if (along >= -1e-9 && along <= 1 + 1e-9 && reach > 0) far = Math.max(far, reach);
  });
  return (size / OPTICAL[looks[i].shape]) * far;
}
// Where a stakeholder's mark goes: on the rim of their symbol, or else of the closed community which holds them.
function rimOf(i, corner, room, inBubble) {
  const [right, down] = corner;
  const { scale } = viewOf();
  if (scene.drawn[i]) {
    const r = rimReach(i, corner) * scale + room;
    return { node: i, x: place.x[i], y: place.y[i], dx: right * r * DIAGONAL, dy: down * r * DIAGONAL, faded: scene.faded[i] };
  }
  const bubble = allBubbles[people.community[i]];
  if (!scene.shown[i] || !bubble || !isCollapsed(people.community[i])) return null;
  const k = inBubble.get(bubble.c) ?? 0; // several in one community stand side by side on its rim
  inBubble.set(bubble.c, k + 1);
  const [r, turn] = [bubble.r * scale, -Math.PI / 4 + (k * 19) / Math.max(bubble.r * scale, 20)];
  return { node: i, x: bubble.x, y: bubble.y, dx: r * Math.cos(turn), dy: r * Math.sin(turn), faded: scene.dimmed };
}

// Arrows with a stem: triangles are groups.
const UP = [[0, -1.1], [0.95, 0], [0.34, 0], [0.34, 1], [-0.34, 1], [-0.34, 0], [-0.95, 0]];
const ARROW = { up: UP, down: UP.map(([x, y]) => [x, -y]), right: UP.map(([x, y]) => [-y, x]), left: UP.map(([x, y]) => [y, x]) };
function traceMark(context, { shape, r }) {
  const corners = ARROW[shape];
  context.beginPath();
  if (corners) { corners.forEach(([x, y]) => context.lineTo(x * r, y * r)); context.closePath(); }
  else context.arc(0, 0, r, 0, 2 * Math.PI);
}
function drawMarks(context) {
  const { scale, left, top, right, bottom } = viewOf();
  const unit = 1 / scale;
  const far = 60 * unit;
  context.save();
  Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round" });
  marksShown = marksNow();
  for (const each of marksShown) {
    const [x, y] = [each.x + each.dx * unit, each.y + each.dy * unit];
    if (x < left - far || x > right + far || y < top - far || y > bottom + far) continue;
    context.save();
    context.translate(x, y);
    context.scale(unit, unit);
    context.globalAlpha = each.faded ? 0.3 : 1;
    paintMark(context, each);
    context.restore();
  }
  context.restore();
}
// A mark around the point where the context stands.
function paintMark(context, { shape, r, fill, stroke, color, text }) {
  traceMark(context, { shape, r });
  // A halo of paper keeps marks apart from what lies below.
  Object.assign(context, { strokeStyle: ink.paper, lineWidth: fill ? 3.5 : 5 });
  context.stroke();
  if (fill) { context.fillStyle = fill; context.fill(); }
  if (stroke) { Object.assign(context, { strokeStyle: stroke, lineWidth: 2 }); context.stroke(); }
  if (!text) return;
  context.fillStyle = color;
  if (text === MINUS) { context.fillRect(-0.52 * r, -0.14 * r, 1.04 * r, 0.28 * r); return; } // sharper than a letter
  context.font = `700 ${text.length > 2 ? 8.5 : 10.5}px ${ink.family}`;
  context.fillText(text, 0, 0.5);
}
drawAbove.push(drawMarks);
// The same marks in the panel.
function markSample({ shape, fill, stroke, color, text }, size = 18) {
  const corners = ARROW[shape];
  const paint = { fill: fill ?? "none", stroke: stroke ?? "none", "stroke-width": 1.8 };
  const body = corners ? svg("polygon", { points: corners.map((p) => p.map((v) => 5.5 * v).join()).join(" "), ...paint }) : svg("circle", { r: stroke ? 6 : 8.5, ...paint });
  return svg("svg", { viewBox: "-9 -9 18 18", width: size, height: size, "aria-hidden": "true" }, body,
    text ? svg("text", { "text-anchor": "middle", y: 3.6, "font-size": text.length > 2 ? 8 : 10, "font-weight": 700, fill: color }, text) : null);
}
