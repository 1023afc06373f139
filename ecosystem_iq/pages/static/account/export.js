// The map as a picture: what is on the screen, below its title and notice, above its key. PNG and SVG are drawn by the
// same code, once on a canvas and once on a recorder.
const EDGE = 18; // around the texts
const SHARPNESS = 2;
const noticeText = () => hook("notice")?.textContent.trim() ?? "";

// What stands above the map: {text, font, color, y}, and how high it is.
function headLines(w) {
  const lines = [];
  let y = 10;
  const add = (text, size, weight, color, most) => wrapped(text, `${weight} ${size}px ${ink.family}`, w - 2 * EDGE, most).forEach((line) => {
    lines.push({ text: line, font: `${weight} ${size}px ${ink.family}`, color, y: y + size * 0.7 });
    y += size * 1.45;
  });
  add(data.title, 18, 650, ink.ink, 2);
  add(data.subtitle ?? "", 12.5, 400, ink.soft, 2);
  add(noticeText(), 12, 600, ink.soft, 4);
  add(hook("status").textContent, 12, 400, ink.soft, 3);
  return { lines, height: y + 8 };
}
function wrapped(text, font, width, most) {
  const fits = (line) => measuring(font, line).width <= width;
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && fits(longer)) lines[lines.length - 1] = longer; else lines.push(word);
  }
  const kept = lines.slice(0, most);
  if (lines.length > most) kept[most - 1] += "…";
  return kept.map((line) => { // a word longer than a line
    let end = line.length;
    while (end > 1 && !fits(line.slice(0, end))) end = Math.floor(end * 0.9);
    return end < line.length ? `${line.slice(0, end)}…` : line;
  });
}

// The key below: marks of what colour and shape mean, of the ties which carry colour now, and of what is marked.
function keyEntries() {
  const howMany = ({ count: n }) => (n === null ? "" : `  ${n.toLocaleString("en")}`);
  const marks = legendEntries().map((entry) => ({ ...entry, text: clip(entry.label, 40) + howMany(entry) }));
  const lit = [...new Set(positions(scene.lit).map((t) => ties.layer[t]))].sort((a, b) => a - b);
  const against = positions(scene.lit).some((t) => ties.sign[t] < 0) ? [{ stroke: { color: ink.bad, dash: NEGATIVE.dash }, text: "Opposes or competes" }] : [];
  return [...marks, ...lit.map((k) => ({ stroke: data.strokes[k], text: clip(data.layers[k].label, 40) })), ...against, ...keyParts.flatMap((make) => make())];
}
function meaningText() {
  const color = colorings().find((each) => each.id === state.colorBy)?.label ?? "";
  const size = measureOf(state.sizeBy)?.label ?? "";
  return [`Colour: ${clip(color, 60)}`, size && `Size: ${clip(size, 60)}`].filter(Boolean).join(" · ");
}
function keyPlan(w) {
  const font = `400 12px ${ink.family}`;
  const entries = keyEntries();
  const wide = Math.min(w - 2 * EDGE, Math.max(90, ...entries.map(({ text }) => measuring(font, text).width + 44)));
  const perRow = Math.max(1, Math.floor((w - 2 * EDGE) / wide));
  return { font, entries, wide, perRow, height: 40 + Math.ceil(entries.length / perRow) * 20 };
}
function drawMark(context, { mark, stroke, color, shape, hollow }, x, y) {
  if (mark) {
    context.save();
    context.translate(x, y);
    context.textAlign = "center";
    paintMark(context, { ...mark, r: mark.stroke ? 5.5 : 7.5 });
    context.restore();
    return;
  }
  Object.assign(context, { fillStyle: hollow ? ink.paper : color, strokeStyle: stroke?.color ?? color, lineWidth: stroke ? 2 : 1.6 });
  context.setLineDash(stroke?.dash ?? []);
  context.beginPath();
  if (stroke) { context.moveTo(x - 7, y); context.lineTo(x + 9, y); }
  else if (POLYGONS[shape]) { POLYGONS[shape].forEach(([px, py]) => context.lineTo(x + px * 5.5, y + py * 5.5)); context.closePath(); }
  else context.arc(x, y, hollow ? 4.8 : 5.5, 0, 2 * Math.PI);
  if (!stroke) context.fill();
  if (stroke || hollow) context.stroke();
  context.setLineDash([]);
}
function drawTexts(context, head, key, bottom) {
  Object.assign(context, { textBaseline: "middle", textAlign: "left", globalAlpha: 1 });
  for (const { text, font, color, y } of head.lines) {
    Object.assign(context, { font, fillStyle: color });
    context.fillText(text, EDGE, y);
  }
  Object.assign(context, { font: `600 12px ${ink.family}`, fillStyle: ink.soft });
  context.fillText(meaningText(), EDGE, bottom + 17);
  key.entries.forEach((entry, k) => {
    const [x, y] = [EDGE + (k % key.perRow) * key.wide, bottom + 39 + Math.floor(k / key.perRow) * 20];
    drawMark(context, entry, x + 7, y);
    Object.assign(context, { font: key.font, fillStyle: ink.ink });
    context.fillText(entry.text, x + 22, y);
  });
}

// The map alone, drawn anew and sharper than the screen may be.
function mapPicture(ratio = SHARPNESS) {
  const picture = el("canvas", { width: Math.round(box.clientWidth * ratio), height: Math.round(box.clientHeight * ratio) });
  const context = picture.getContext("2d");
  const { scale, tx, ty } = viewOf();
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, picture.width, picture.height);
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * tx, ratio * ty);
  drawPicture(context);
  drawAbove.forEach((draw) => draw(context));
  drawLabels(context);
  return picture;
}
function pictureOf() {
  const [w, h] = [box.clientWidth, box.clientHeight];
  const [head, key] = [headLines(w), keyPlan(w)];
  const picture = el("canvas", { width: w * SHARPNESS, height: Math.ceil((head.height + h + key.height) * SHARPNESS) });
  const context = picture.getContext("2d");
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(mapPicture(), 0, Math.round(head.height * SHARPNESS));
  context.scale(SHARPNESS, SHARPNESS);
  drawTexts(context, head, key, head.height + h);
  return picture;
}
function drawingOf() {
  const [w, h] = [box.clientWidth, box.clientHeight];
  const [head, key] = [headLines(w), keyPlan(w)];
  const height = Math.ceil(head.height + h + key.height);
  const root = svg("svg", { viewBox: `0 0 ${w} ${height}`, width: w, height, "font-family": ink.family, role: "img" }, svg("title", {}, forXml(data.title)), svg("desc", {}, forXml([noticeText(), hook("status").textContent].filter(Boolean).join(" "))));
  const pen = new Recorder(root, w, height);
  pen.fillStyle = ink.paper;
  pen.fillRect(0, 0, w, height);
  const frame = svg("svg", { x: 0, y: short(head.height), width: w, height: h, viewBox: `0 0 ${w} ${h}`, class: "map" });
  root.append(frame);
  recordMap(new Recorder(frame, w, h), viewOf());
  pen.into("texts", () => drawTexts(pen, head, key, head.height + h));
  return root;
}

const canExport = () => network && state.view === "map" && box.clientWidth > 0;
function savePng() {
  if (canExport()) pictureOf().toBlob((blob) => blob && saveBlob(blob, fileName("png")), "image/png");
}
function saveSvg() {
  if (!canExport()) return;
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawingOf())}\n`;
  saveBlob(new Blob([text], { type: "image/svg+xml" }), fileName("svg"));
  redraw();
}

function makeExports() {
  const button = (name, text, label, act) => el("button", { type: "button", "data-hook": name, "aria-label": label, onclick: act }, text);
  hook("tools").append(button("svg", "SVG", "Save the map as SVG", saveSvg), button("print", "Print", "Print map and table", () => window.print()));
}
makeExports();
