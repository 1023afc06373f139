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
// In two lines where one would be too long.
function titleLines(context, text, font, most) {
  const cut = text.search(/[ -](?=\S*$)/u) + 1;
  if (widthOf(context, text, font) <= most || !cut) return [fitted(context, text, font, most)];
  const two = [text.slice(0, cut).trim(), text.slice(cut)];
  return two.every((line) => widthOf(context, line, font) <= most) ? two : [fitted(context, text, font, most)];
}
function fitted(context, text, font, most) {
  const w = widthOf(context, text, font);
  return w <= most ? text : clip(text, Math.max(1, Math.floor((text.length * most) / w) - 1));
}
let titleBoxes = [];
const LINE = 13; // pixels from one line of a title to the next
const HIGHER = [0, -15, -30]; // where the title of an island may stand, if something lies there
function drawTitles(context, view, taken) {
  const font = `650 ${canvasSize.w < 600 ? 10 : 11}px ${ink.family}`;
  context.textAlign = "center";
  context.globalAlpha = scene.dimmed ? 0.75 : 1;
  context.font = font;
  titleBoxes = [];
  for (const title of titlesNow()) {
    const spacing = title.room ? 0 : 0.6;
    const laid = title.room ? frameTitle(context, view, title, font) : islandTitle(context, view, title, font, taken);
    if (!laid) continue;
    put(taken, { x: laid.x - 4, y: laid.y - 1, w: laid.w + 8, h: laid.h + 2 });
    titleBoxes.push({ ...laid, font, color: title.color, community: title.community });
    if ("letterSpacing" in context) context.letterSpacing = `${spacing}px`;
    laid.lines.forEach((line, k) => write(context, line, laid.x + laid.w / 2, laid.y + 8 + k * LINE, title.color));
  }
  if ("letterSpacing" in context) context.letterSpacing = "0px";
  context.globalAlpha = 1;
  context.textAlign = "left";
}
function islandTitle(context, view, title, font, taken) {
  const [x, y] = [title.x * view.scale + view.tx, title.y * view.scale + view.ty];
  const text = clip(title.text, 42);
  const w = widthOf(context, text, font) + text.length * 0.6;
  const center = Math.min(Math.max(x, w / 2 + 8), canvasSize.w - w / 2 - 8);
  if (text.length < 2 || Math.abs(center - x) > w) return null; // its island is out of sight
  const tries = HIGHER.map((dy) => ({ x: center - w / 2, y: y - 19 + dy, w, h: 15, lines: [text], text }));
  return tries.find((area) => !meets(taken, area)) ?? null;
}
function frameTitle(context, view, title, font) {
  const most = title.room * view.scale - 6;
  const lines = most < 24 ? [] : titleLines(context, title.text, font, most);
  if (!lines.length || lines[0].length < 2) return null;
  const w = Math.max(...lines.map((line) => widthOf(context, line, font)));
  const top = title.y * view.scale + view.ty + Math.max(3, 16 * view.scale - 8);
  return { x: title.x * view.scale + view.tx - w / 2, y: top, w, h: 15 + LINE * (lines.length - 1), lines, text: title.text };
}

// Words of the axes: below the line, and at both ends of the vertical one.
function drawAxisWords(context, view, taken) {
  const { left, top, bottom } = axisArea();
  const at = (x, y) => [x * view.scale + view.tx, y * view.scale + view.ty];
  const font = `600 12px ${ink.family}`;
  // Where frames carry the words of the horizontal axis as their titles, they need not be said twice.
  const words = layoutNow().frames ? [] : axisTicks().map(({ word, x }) => ({ word, point: at(x, bottom), align: 0.5, dy: 14 }));
  const [low, high] = layoutNow().axes.y;
  // Above and below the frames, or else inside at both ends of the line.
  const beside = layoutNow().frames ? { low: 12, high: -12, dx: -AXIS_APART - 4 } : { low: -10, high: 9, dx: 6 };
  words.push({ word: low, point: at(left, bottom), align: 0, dy: beside.low, dx: beside.dx }, { word: high, point: at(left, top), align: 0, dy: beside.high, dx: beside.dx });
  for (const { word, point, align, dy, dx = 0 } of words) {
    const w = widthOf(context, word, font);
    const x = Math.min(Math.max(point[0] - w * align + dx, 4), canvasSize.w - w - 4);
    put(taken, { x, y: point[1] + dy - 8, w, h: 16 });
    context.font = font;
    write(context, word, x, point[1] + dy, ink.soft);
  }
}
