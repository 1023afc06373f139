// Stakeholders as symbols. They are drawn here, those of one look at a stroke, which takes a third of the time of
// drawing each for itself.
const FADED = 0.12;
const looks = []; // how each stakeholder is drawn: {size, shape, color, border, borderWidth, opacity, named}
let onMap = []; // who is on the map, most influential first
let heaps = []; // those of one look: {look, list}, in the order in which they are drawn

// On a small screen the whole map is shown small; symbols then shrink less than distances do.
let boost = 1;
let pixel = 1; // what one on the screen is on the map
const ownSize = (i) => radius[i] * boost;
// As drawn: never so small that nobody would see it, in focus least of all.
const sizeOf = (i) => Math.max(looks[i]?.size ?? ownSize(i), (scene.dimmed && !scene.faded[i] ? 4 : 1.7) * pixel);

function nodeLook(i) {
  const chosen = i === state.focus;
  const color = colorOf(i);
  const hollow = color === unknown; // what is not known is no colour at all
  const look = {
    size: ownSize(i), shape: data.marks[people.group[i]].shape, color: hollow ? ink.paper : color,
    border: chosen ? ink.ink : hollow ? unknown : ink.paper, borderWidth: chosen ? 3 : 1.5, opacity: scene.faded[i] ? FADED : 1, named: chosen,
  };
  looksOfNode.forEach((alter) => alter(i, look));
  return look;
}
function gatherSymbols() {
  onMap = positions(scene.drawn);
  const found = new Map();
  for (const i of onMap) {
    const look = nodeLook(i);
    looks[i] = look;
    const key = `${look.color}|${look.border}|${look.borderWidth}|${look.opacity}`;
    const heap = found.get(key);
    if (heap) heap.list.push(i); else found.set(key, { look, list: [i] });
  }
  // The faded lie below, and of the others the heap with the most influential on top.
  heaps = [...found.values()].reverse().sort((a, b) => a.look.opacity - b.look.opacity || a.look.borderWidth - b.look.borderWidth);
}

const HEAP = 150; // symbols a stroke: longer paths are slower again
function drawSymbols(context, view) {
  context.save();
  context.lineJoin = "round";
  for (const { look, list } of heaps) {
    Object.assign(context, { globalAlpha: look.opacity, fillStyle: look.color, strokeStyle: look.border, lineWidth: look.borderWidth });
    const near = list.filter((i) => isNear(i, view));
    for (let from = 0; from < near.length; from += HEAP) {
      context.beginPath();
      // The least influential first, so that the others lie on top.
      for (let k = Math.min(from + HEAP, near.length) - 1; k >= from; k -= 1) traceSymbol(context, near[k]);
      context.fill();
      context.stroke();
    }
  }
  context.restore();
}
function isNear(i, view) {
  const [x, y, r] = [place.x[i], place.y[i], sizeOf(i) + 4];
  return x + r > view.left && x - r < view.right && y + r > view.top && y - r < view.bottom;
}
function traceSymbol(context, i) {
  const size = sizeOf(i);
  const { shape } = looks[i];
  const [x, y] = [place.x[i], place.y[i]];
  const corners = POLYGONS[shape];
  if (!corners) {
    context.moveTo(x + size, y);
    context.arc(x, y, size, 0, 2 * Math.PI);
    return;
  }
  const unit = size / OPTICAL[shape]; // the corners are optically corrected themselves
  context.moveTo(x + corners[0][0] * unit, y + corners[0][1] * unit);
  for (let k = 1; k < corners.length; k += 1) context.lineTo(x + corners[k][0] * unit, y + corners[k][1] * unit);
  context.closePath();
}

// The stakeholder whose symbol is nearest to a point of the map, a little room around it included; or null.
function symbolAt({ x, y }) {
  const { scale, tx, ty } = viewOf();
  let [best, least] = [null, Infinity];
  for (const i of onMap) {
    const far = Math.hypot(place.x[i] * scale + tx - x, place.y[i] * scale + ty - y);
    const r = sizeOf(i) * scale;
    if (far <= Math.max(r, 7) + 2 && far - r < least) { best = i; least = far - r; }
  }
  return best;
}
