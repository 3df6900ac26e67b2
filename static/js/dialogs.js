// One dialog for what htmx loads into #dialog; opened when its content has arrived, closed by hf:close-dialog.
const dialog = document.getElementById("dialog");
let origin = null;

if (dialog) {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === dialog && !dialog.open) origin = document.activeElement;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== dialog) return;
    if (!dialog.open) {
      document.querySelectorAll(".hf-menu:popover-open").forEach((menu) => menu.hidePopover());
      dialog.showModal();
    }
    const first = dialog.querySelector("[data-hf-focus], [autofocus], .body :is(input, select, textarea):not([type=hidden])");
    first?.focus();
    dialog.querySelectorAll("[data-hf-expected]").forEach(match);
  });
  document.addEventListener("hf:close-dialog", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    if (origin?.isConnected) origin.focus();
    origin = null;
  });
}

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-hf-close]");
  const box = close?.closest("dialog");
  if (box) {
    event.preventDefault();
    box.close();
  } else if (event.target instanceof HTMLDialogElement && event.target.open) {
    const edge = event.target.getBoundingClientRect();
    const outside = event.clientX < edge.left || event.clientX > edge.right || event.clientY < edge.top || event.clientY > edge.bottom;
    // A click beside it closes, unless something was typed that would be lost.
    const typed = [...event.target.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue);
    if (outside && !typed) event.target.close();
  }
});

// The button of a typed confirmation rests until the name stands there; the server checks again.
function match(field) {
  const button = field.form?.querySelector("button[type=submit]");
  if (button) button.disabled = field.value.trim() !== field.dataset.hfExpected;
}
document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-hf-expected]")) match(event.target);
});
document.querySelectorAll("[data-hf-expected]").forEach(match);
