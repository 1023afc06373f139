// Tables as CSV (RFC 4180). A cell which a spreadsheet would take for a formula gets an apostrophe before it.
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;
function csvCell(value) {
  if (value === null || value === undefined) return "";
  const said = (typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value)).replaceAll("\0", "");
  const text = FORMULA.test(said) && !PLAIN_NUMBER.test(said) ? `'${said}` : said;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
const csvOf = (rows) => rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");

const fileName = (extension, part = "") => `${[data.title, part].map((text) => fold(text).replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60)).filter(Boolean).join("-") || "map"}.${extension}`;
function saveBlob(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
// Spreadsheets take a file for UTF-8 only when it begins with a byte order mark; what is pasted needs none.
const saveCsv = (text, name) => saveBlob(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }), name);

// Says true when the text is in the clipboard. Where that is refused, the reader can copy it by hand.
async function copyText(text, name) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    offerText(text, name);
    return false;
  }
}
function offerText(text, name) {
  const words = el("textarea", { readonly: true, rows: 14, spellcheck: "false", "data-hook": "csv-text", "aria-label": "Table as CSV" });
  words.value = text;
  const close = () => dialog.close();
  const dialog = el("dialog", { class: "offer", "aria-label": "Copy the table", "data-hook": "csv-dialog", onclose: () => dialog.remove() },
    el("p", {}, "The browser refuses the clipboard here. Copy the selected text, or save it as a file."), words,
    el("div", { class: "choices" },
      el("button", { type: "button", "data-hook": "csv-file", onclick: () => { saveCsv(text, name); close(); } }, "Save CSV"),
      el("button", { type: "button", "data-hook": "csv-close", onclick: close }, "Close")));
  // Escape closes the dialog; the page's own Escape would clear the focus on the map.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(dialog);
  dialog.showModal();
  words.focus();
  words.select();
}
