// Lists: a click on a row opens it, ticks raise the bulk bar, the search box follows the address.
const NOT_A_ROW_CLICK = "a, button, input, label, select, textarea, summary, [data-hf-copy]";

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.defaultPrevented || event.target.closest(NOT_A_ROW_CLICK)) return;
  if (!getSelection().isCollapsed) return; // someone is selecting text, not opening
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});
document.addEventListener("auxclick", (event) => {
  const row = event.target.closest("tr[data-href]");
  if (event.button === 1 && row && !event.target.closest(NOT_A_ROW_CLICK)) window.open(row.dataset.href, "_blank", "noopener");
});

let last = null;

function boxes(list) {
  return [...list.querySelectorAll("tbody input[name=pick]")];
}

function count(list) {
  const all = boxes(list);
  const ticked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("sel", box.checked);
  const head = list.querySelector("[data-hf-all]");
  if (head) {
    head.checked = ticked.length > 0 && ticked.length === all.length;
    head.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }
  const bar = list.querySelector(".hf-bulk");
  if (!bar) return;
  bar.hidden = ticked.length === 0;
  bar.querySelector("[data-hf-count]").textContent = String(ticked.length);
  const says = bar.querySelector(".so");
  if (ticked.length && says.hasAttribute("hx-post")) htmx.trigger(says, "hf:selected");
  else says.replaceChildren();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("tbody input[name=pick]");
  if (!box) return;
  const all = boxes(box.closest("[data-hf-list]"));
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach((other) => { other.checked = box.checked; });
  }
  last = box;
});
document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-hf-list]");
  if (!list) return;
  if (event.target.matches("[data-hf-all]")) boxes(list).forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches("[data-hf-all], input[name=pick]")) count(list);
});
document.addEventListener("click", (event) => {
  const clear = event.target.closest("[data-hf-clear]");
  if (!clear) return;
  const list = clear.closest("[data-hf-list]");
  boxes(list).forEach((box) => { box.checked = false; });
  count(list);
  list.querySelector("[data-hf-all]")?.focus();
});

// The search box outlives the swap; when the address changed otherwise (a tab, 'clear'), it must follow.
document.addEventListener("htmx:afterSettle", () => {
  const list = document.getElementById("list");
  const find = list?.querySelector("[data-hf-find]");
  if (find && document.activeElement !== find) find.value = list.dataset.q;
});

// A browser that restores a page keeps the ticks; the bar must know.
addEventListener("pageshow", () => document.querySelectorAll("[data-hf-list]").forEach(count));
