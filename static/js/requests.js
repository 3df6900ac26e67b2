// What htmx does not say by itself: failures in words, a lazy part that can be tried again, focus kept after a swap.
const words = document.getElementById("toasts")?.dataset ?? {};

function say(text, tone = "broken") {
  if (text) document.dispatchEvent(new CustomEvent("hf:toast", { detail: { text, tone } }));
}

function failLazy(event) {
  const part = event.target.closest?.("[data-hf-lazy]");
  if (!part || part !== event.detail.elt) return false;
  part.querySelector(".hf-skeleton").hidden = true;
  part.querySelector(".hf-note").hidden = false;
  return true;
}

const POLLING = /every\s/;

function isPolling(event) {
  return POLLING.test(event.detail.elt?.getAttribute?.("hx-trigger") ?? "");
}

document.addEventListener("htmx:sendError", (event) => {
  if (!failLazy(event) && !isPolling(event)) say(words.offline);
});
document.addEventListener("htmx:timeout", (event) => {
  if (!failLazy(event) && !isPolling(event)) say(words.timeout);
});
document.addEventListener("htmx:responseError", (event) => {
  if (failLazy(event) || isPolling(event)) return;
  const status = event.detail.xhr.status;
  if (status === 401 && document.body.dataset.hfSignIn) {
    location.assign(`${document.body.dataset.hfSignIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  const id = event.detail.xhr.getResponseHeader("X-Request-ID");
  const known = { 401: words.forbidden, 403: words.forbidden, 404: words.missing, 410: words.missing, 429: words.many };
  const text = known[status] ?? (status >= 500 ? words.broken : words.refused);
  say(status >= 500 && id ? `${text} (${id})` : text);
});

document.addEventListener("click", (event) => {
  const again = event.target.closest("[data-hf-again]");
  if (!again) return;
  const part = again.closest("[data-hf-lazy]");
  part.querySelector(".hf-skeleton").hidden = false;
  part.querySelector(".hf-note").hidden = true;
  htmx.trigger(part, "hf:again");
});

// A form that does something upstream is sent once: its buttons rest until the answer is there.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-hf-once]");
  form?.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; });
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-hf-once]");
  form?.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
});

// Focus: htmx keeps it on an element that comes back with the same id; else it goes to the swapped part, not to nowhere.
// Who chose in a menu was at its chip.
let held = "";
let chip = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  const menu = document.activeElement.closest?.(".hf-menu");
  chip = (menu && document.querySelector(`[popovertarget="${menu.id}"]`)?.id) || "";
  held = target.contains(document.activeElement) && document.activeElement !== document.body ? target.id : "";
});
document.addEventListener("htmx:afterSettle", () => {
  if (!held || document.activeElement !== document.body) return;
  const button = chip && document.getElementById(chip);
  const part = document.getElementById(held);
  held = chip = "";
  if (button) {
    button.focus();
    return;
  }
  if (!part) return;
  part.setAttribute("tabindex", "-1");
  part.focus({ preventScroll: true });
});
