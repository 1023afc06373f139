// Titles, and the words of axes.

// Titles of islands (in capitals above them) and of frames (inside, at the top): {text, x, y, color, most}, x and y on
// the map, most = the room there is in screen pixels. An open community which can be closed has a minus before it.
function titlesNow() {
  const island = (each) => {
    const community = isCollapsible(each.community) ? each.community : null;
    return { text: (community === null ? each.label : `− ${each.label}`).toLocaleUpperCase("en"), x: each.middle, y: each.top, color: mixed(each.hue, ink.ink, 0.72), community };
  };
  const frame = ({ label, x, y, w }) => ({ text: label, x: x + w / 2, y, color: ink.soft, room: w, community: null });
  return [...islandsNow().map(island), ...(layoutNow().frames ?? []).map(frame)];
}
function fitted(context, text, font, most) {
  const w = widthOf(context, text, font);
  return w <= most ? text : clip(text, Math.max(1, Math.floor((text.length * most) / w) - 1));
}
let titleBoxes = [];
function drawTitles(context, view, taken) {
  const font = `650 ${canvasSize.w < 600 ? 9 : 11}px ${ink.family}`;
  context.textAlign = "center";
  if ("letterSpacing" in context) context.letterSpacing = "0.6px";
  context.globalAlpha = scene.dimmed ? 0.75 : 1;
  titleBoxes = [];
  for (const title of titlesNow()) {
    const [x, y] = [title.x * view.scale + view.tx, title.y * view.scale + view.ty];
    const spacing = title.room ? 0 : 0.6;
    const text = title.room ? fitted(context, title.text, font, title.room * view.scale - 10) : clip(title.text, 42);
    if (text.length < 2) continue;
    const w = widthOf(context, text, font) + text.length * spacing;
    const center = title.room ? x : Math.min(Math.max(x, w / 2 + 8), canvasSize.w - w / 2 - 8);
    if (Math.abs(center - x) > w) continue; // its island is out of sight
    const middle = title.room ? y + Math.max(10, 16 * view.scale) : y - 11;
    const area = { x: center - w / 2, y: middle - 8, w, h: 15 };
    if (meets(taken, area)) continue;
    put(taken, area);
    titleBoxes.push({ ...area, text, font, color: title.color, community: title.community });
    context.font = font;
    if ("letterSpacing" in context) context.letterSpacing = `${spacing}px`;
    write(context, text, center, middle, title.color);
  }
  if ("letterSpacing" in context) context.letterSpacing = "0px";
  context.globalAlpha = 1;
  context.textAlign = "left";
}

// Words of the axes: below the line, and at both ends of the vertical one.
function drawAxisWords(context, view, taken) {
  const { left, top, bottom } = axisArea();
  const at = (x, y) => [x * view.scale + view.tx, y * view.scale + view.ty];
  const font = `600 12px ${ink.family}`;
  // Where frames carry the words of the horizontal axis as their titles, they need not be said twice.
  const words = layoutNow().frames ? [] : axisTicks().map(({ word, x }) => ({ word, point: at(x, bottom), align: 0.5, dy: 14 }));
  const [low, high] = layoutNow().axes.y;
  words.push({ word: low, point: at(left, bottom), align: 0, dy: -10, dx: 6 }, { word: high, point: at(left, top), align: 0, dy: 9, dx: 6 });
  for (const { word, point, align, dy, dx = 0 } of words) {
    const w = widthOf(context, word, font);
    const x = Math.min(Math.max(point[0] - w * align + dx, 4), canvasSize.w - w - 4);
    put(taken, { x, y: point[1] + dy - 8, w, h: 16 });
    context.font = font;
    write(context, word, x, point[1] + dy, ink.soft);
  }
}
