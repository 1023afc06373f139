// Puts the parts together, in an order in which each finds what it needs.
function onKey(event) {
  if (event.key === "Escape" && legend.dataset.open === "true") { openFilters(false); return; }
  if (event.key === "Escape" && hook("tools").contains(event.target) && hook("tools").dataset.open === "true") { openTools(false); hook("tools-toggle").focus(); return; }
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
  } else if (event.key === "Escape" && !typing) focusOn(null);
}
// On a phone, legend and filters are a sheet from below.
function openFilters(open) {
  legend.dataset.open = String(open);
  hook("filters").setAttribute("aria-expanded", String(open));
  (open ? hook("filters-close") : hook("filters")).focus();
}
// On a phone, the tools of the map wait behind a button.
function openTools(open) {
  hook("tools").dataset.open = String(open);
  hook("tools-toggle").setAttribute("aria-expanded", String(open));
  measureFloats();
  redraw();
}
function wire() {
  const clicks = {
    "fit": () => fit(), "zoom-in": () => zoomBy(1.35), "zoom-out": () => zoomBy(1 / 1.35), "png": savePng,
    "view-map": () => setView("map"), "view-table": () => setView("table"),
    "filters": () => openFilters(legend.dataset.open !== "true"), "filters-close": () => openFilters(false),
    "reset": resetFilters, "tools-toggle": () => openTools(hook("tools").dataset.open !== "true"),
  };
  for (const [name, act] of Object.entries(clicks)) hook(name).addEventListener("click", act);
  document.addEventListener("keydown", onKey);
  box.addEventListener("keydown", walk);
  const repaint = () => { readInk(); drawMap(); };
  document.addEventListener("themechange", () => { readInk(); update(); });
  matchMedia("print").addEventListener("change", repaint); // paper is white, whatever the screen is
  document.addEventListener("pointerdown", (event) => {
    if (legend.dataset.open === "true" && !event.target.closest?.('#legend, [data-hook="filters"]')) openFilters(false);
  });
  window.addEventListener("hashchange", onHashChange);
  hook("tools").hidden = count === 0;
}
function start() {
  readInk();
  rememberChoices();
  readHash();
  makeOptions();
  makeLegend();
  makeFilters();
  makeHome();
  makeSearch();
  makeIslands();
  wire();
  // Colours first: symbols in the panel are drawn in those of the map.
  renderers.unshift(() => { chooseColors(); chooseSizes(); });
  renderers.push(drawOptions, drawMap, drawKeys, drawLegend, drawFilters, drawPanel, drawTable, drawStatus, saveHash, measureFloats);
  scene = derive();
  if (count) {
    makeMap();
    onFirstFrame = () => window.iq.ready();
  }
  setView(state.view);
  lookAtChoice(false);
  if (!count) window.iq.ready();
}
start();
