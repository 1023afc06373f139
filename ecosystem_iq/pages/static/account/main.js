// Puts the parts together, in an order in which each finds what it needs.
function onKey(event) {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  } else if (event.key === "Escape" && !typing) focusOn(null);
}
function wire() {
  const clicks = {
    "fit": () => fit(), "zoom-in": () => zoomBy(1.35), "zoom-out": () => zoomBy(1 / 1.35), "png": savePng,
    "view-map": () => setView("map"), "view-table": () => setView("table"),
    "filters": () => {
      const open = legend.dataset.open !== "true";
      legend.dataset.open = String(open);
      hook("filters").setAttribute("aria-expanded", String(open));
    },
  };
  for (const [name, act] of Object.entries(clicks)) hook(name).addEventListener("click", act);
  document.addEventListener("keydown", onKey);
  box.addEventListener("keydown", walk);
  const repaint = () => { readInk(); drawMap(); };
  document.addEventListener("themechange", repaint);
  matchMedia("print").addEventListener("change", repaint); // paper is white, whatever the screen is
  hook("tools").hidden = count === 0;
}
function start() {
  readInk();
  scene = derive();
  makeLegend();
  makeHome();
  makeSearch();
  makeIslands();
  wire();
  renderers.push(drawLegend, drawMap, drawPanel, drawTable, drawStatus);
  if (count) {
    makeMap();
    network.once("afterDrawing", () => window.iq.ready());
  }
  update();
  if (!count) window.iq.ready();
}
start();
