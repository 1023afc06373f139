// Shared by all pages. Runs in the head, before the body is parsed, so that the theme is set before the first paint.
// Text from data only ever becomes textContent: nothing here or in any page assigns innerHTML.
(() => {
  "use strict";
  const root = document.documentElement;
  const KEY = "ecosystem-iq-theme";

  // Storage throws on some file:// set-ups and in sandboxed frames; the theme then simply lasts as long as the page.
  const storage = {
    get() { try { return localStorage.getItem(KEY); } catch { return null; } },
    set(value) { try { localStorage.setItem(KEY, value); } catch { /* not remembered */ } },
  };
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const applyTheme = (theme) => {
    root.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("themechange"));
  };
  applyTheme(storage.get() || (prefersDark.matches ? "dark" : "light"));
  prefersDark.addEventListener("change", (event) => {
    if (!storage.get()) applyTheme(event.matches ? "dark" : "light");
  });

  const hook = (name) => document.querySelector(`[data-hook="${name}"]`);
  const hooks = (name) => [...document.querySelectorAll(`[data-hook="${name}"]`)];

  // el("li", {class: "row", "data-id": 3, onclick: f}, "text", child): strings become text nodes.
  function el(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    return fill(node, properties, children);
  }
  function svg(tag, properties = {}, ...children) {
    return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
  }
  function fill(node, properties, children) {
    for (const [key, value] of Object.entries(properties)) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
    return node;
  }

  const fold = (text) => String(text).normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  // Missing values sort last in both directions.
  function compare(a, b, descending) {
    const missing = (value) => value === null || value === undefined || value === "";
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const order = typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
    return descending ? -order : order;
  }

  // Makes the headers with a button in a server-written table sort its rows; a cell's data-value goes before its text.
  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    const value = (row, index) => {
      const cell = row.cells[index];
      if (cell.dataset.value === undefined) return cell.textContent.trim();
      return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    };
    heads.forEach((head, index) => head.querySelector("button")?.addEventListener("click", () => {
      const first = head.dataset.first || "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const next = head.getAttribute("aria-sort") === first ? other : first;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", next);
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => compare(value(a, index), value(b, index), next === "descending"));
      table.tBodies[0].append(...rows);
    }));
  }

  function ready() { root.dataset.ready = "true"; }

  document.addEventListener("DOMContentLoaded", () => {
    hook("theme")?.addEventListener("click", () => {
      const theme = root.dataset.theme === "dark" ? "light" : "dark";
      storage.set(theme);
      applyTheme(theme);
    });
  });
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  window.iq = { hook, hooks, el, svg, fold, compare, sortable, ready, calm };
})();
