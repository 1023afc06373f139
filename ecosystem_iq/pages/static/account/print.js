// The print sheet: made when the browser is about to print, gone afterwards.
const FOREMOST = 20;
const PAPER = { w: 1180, h: 640 }; // the map's frame, about as wide and high as the sheet has room for

// Draws in the colours of paper, whatever the theme is.
function inLight(draw) {
  const { theme } = document.documentElement.dataset;
  const recolor = (name, paper) => { document.documentElement.dataset.theme = name; readInk(); ink.paper = paper ?? ink.paper; drawMap(); };
  recolor("light", "#ffffff");
  try { return draw(); } finally { recolor(theme); }
}
// What is in sight now fills another frame, with room for names at its sides and titles above.
function viewFor({ w, h }) {
  const { left, right, top, bottom, scale } = viewOf();
  const all = bounds(Object.assign([...onMap], { withGround: groundCorners().length > 0 }), islandsNow().length ? ISLAND_PAD : 0);
  const [x1, x2, y1, y2] = [Math.max(left, all.x), Math.min(right, all.x + all.w), Math.max(top, all.y), Math.min(bottom, all.y + all.h)];
  const [x, y] = x1 < x2 && y1 < y2 ? [x1 + x2, y1 + y2].map((sum) => sum / 2) : [left + right, top + bottom].map((sum) => sum / 2);
  const nearer = x1 < x2 && y1 < y2 ? Math.min((w - 150) / (x2 - x1), (h - 70) / (y2 - y1), 3 * scale) : scale;
  return { scale: nearer, translation: { x: w / 2 - nearer * x, y: h / 2 + 8 - nearer * y } };
}
function inFrame({ w, h }, draw) {
  const { view } = network;
  const before = { scale: view.scale, translation: { ...view.translation } };
  const lent = viewFor({ w, h });
  Object.assign(box.style, { width: `${w}px`, height: `${h}px` });
  Object.assign(view, lent);
  try { return draw(); } finally {
    Object.assign(box.style, { width: "", height: "" });
    Object.assign(view, before);
    redraw();
  }
}
function printedRow(columns, i) {
  return el("tr", { "data-node": i }, columns.map((column) => el("td", { class: column.number ? "number" : null },
    el("span", { class: "line", dir: "auto" }, column.who ? [symbolOf(i, 11), el("span", {}, clip(people.name[i] || "(no name)", 120))] : clip(cellText(column, i), 120)))));
}
function printedTable() {
  const wanted = ["rank", "name", "group", "title", "org", "influence", "decision", "stance", "contact", "ties"];
  const rows = shownNodes().slice(0, FOREMOST);
  const columns = PEOPLE_COLUMNS.filter((column) => wanted.includes(column.id) && (column.always || rows.some((i) => isKnown(column.value(i)))));
  if (!rows.length) return null;
  return el("div", { class: "page foremost" }, el("h2", {}, `The ${plural(rows.length, "most influential stakeholder", "most influential stakeholders")} of ${scene.nodeTotal.toLocaleString("en")} shown`),
    el("table", {}, el("thead", {}, el("tr", {}, columns.map(({ label, number }) => el("th", { scope: "col", class: number ? "number" : null }, label)))), el("tbody", {}, rows.map((i) => printedRow(columns, i)))));
}
function printedSheet() {
  const map = canPrintMap() ? inFrame(PAPER, () => mapPicture()) : null;
  map?.setAttribute("role", "img");
  map?.setAttribute("aria-label", "Map");
  const findings = [...document.querySelectorAll(".findings li")].slice(0, 6).map((each) => el("li", { dir: "auto" }, clip(each.textContent.trim(), 240)));
  const key = keyEntries().slice(0, 40).map((entry) => el("li", {}, entry.mark ? markSample(entry.mark, 15) : entry.stroke ? strokeSample(entry.stroke, true) : shapeSample(entry.shape, entry.color, 12, entry.hollow), el("span", { dir: "auto" }, entry.text)));
  return el("section", { class: "print-sheet", "data-hook": "print-sheet" }, el("div", { class: "page" },
    el("h1", { dir: "auto" }, clip(data.title, 160)),
    el("p", { class: "subtitle", dir: "auto" }, clip(data.subtitle ?? "", 200)),
    noticeText() ? el("p", { class: "warning", dir: "auto" }, clip(noticeText(), 300)) : null,
    findings.length ? el("ul", { class: "told" }, findings) : null,
    map ?? el("p", { class: "gap" }, count ? "" : "There is no one on this map yet."),
    el("p", { class: "subtitle", dir: "auto" }, clip(hook("status").textContent, 240)),
    count ? el("div", { class: "meanings" }, el("strong", {}, meaningText()), el("ul", {}, key)) : null), printedTable());
}
const canPrintMap = () => Boolean(network) && box.clientWidth > 0;
function beforePrint() {
  if (hook("print-sheet")) return;
  document.documentElement.dataset.printing = "true"; // first: with it, the map has the size it has on the screen
  document.body.append(inLight(printedSheet));
}
function afterPrint() {
  hook("print-sheet")?.remove();
  delete document.documentElement.dataset.printing;
}
function makePrinting() {
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  const printing = matchMedia("print");
  printing.addEventListener("change", () => (printing.matches ? beforePrint() : afterPrint()));
  // On paper the map keeps the size it has on the screen, so that it comes back to the same place.
  new ResizeObserver(() => {
    if (printing.matches || document.documentElement.dataset.printing) return;
    const { width, height } = stage.getBoundingClientRect();
    stage.style.setProperty("--wide", `${width}px`);
    stage.style.setProperty("--high", `${height}px`);
  }).observe(stage);
}
makePrinting();
