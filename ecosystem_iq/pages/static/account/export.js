// The map as a PNG: what is on the screen, with title, notice of what is shown, and the group legend below it.
const COLUMN = 230; // width of a legend entry
function pictureOf() {
  const source = box.querySelector("canvas");
  const ratio = source.width / source.clientWidth;
  const picture = document.createElement("canvas");
  const shown = data.groups.map((_, g) => g).filter((g) => data.groups[g].count && !state.off.group.has(g));
  const perRow = Math.max(1, Math.floor((source.clientWidth - 32) / COLUMN));
  const foot = 24 + Math.ceil(shown.length / perRow) * 22;
  picture.width = source.width;
  picture.height = source.height + Math.round((52 + foot) * ratio);
  const context = picture.getContext("2d");
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(source, 0, Math.round(52 * ratio));
  context.scale(ratio, ratio);
  letter(context, source.clientHeight + 52, shown, perRow);
  return picture;
}
function letter(context, bottom, shown, perRow) {
  const family = getComputedStyle(document.body).fontFamily;
  Object.assign(context, { fillStyle: ink.ink, font: `650 16px ${family}`, textBaseline: "middle" });
  context.fillText(clip(data.title, 90), 16, 20);
  Object.assign(context, { fillStyle: ink.soft, font: `12px ${family}` });
  context.fillText(hook("status").textContent, 16, 41);
  shown.forEach((g, k) => {
    const [x, y] = [16 + (k % perRow) * COLUMN, bottom + 18 + Math.floor(k / perRow) * 22];
    drawMark(context, data.marks[g], x + 6, y);
    context.fillStyle = ink.ink;
    context.fillText(`${clip(data.groups[g].label, 26)}  ${data.groups[g].count}`, x + 18, y);
  });
}
function drawMark(context, mark, x, y) {
  context.fillStyle = mark.color;
  context.beginPath();
  if (POLYGONS[mark.shape]) POLYGONS[mark.shape].forEach(([px, py]) => context.lineTo(x + px * 5.5, y + py * 5.5));
  else context.arc(x, y, 5.5, 0, 2 * Math.PI);
  context.fill();
}
function savePng() {
  if (!network || state.view !== "map") return;
  pictureOf().toBlob((blob) => {
    const address = URL.createObjectURL(blob);
    const name = fold(data.title).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
    el("a", { href: address, download: `${name || "map"}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
}
