// Small things: copy on click, relative times that stay right, a password that can be looked at.
const box = document.getElementById("toasts");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-hf-copy]");
  if (!button) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(button.dataset.hfCopy);
  } catch {
    // No clipboard on plain http: select the text, so that the person's own keys do it.
    const text = button.previousElementSibling;
    if (text) getSelection().selectAllChildren(text);
    return;
  }
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1200);
  document.dispatchEvent(new CustomEvent("hf:toast", { detail: { text: `${box?.dataset.copied ?? ""} ${button.dataset.hfCopy}` } }));
});

const STEPS = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });

// The same thresholds as web.dates.relative: a unit is used from 1.2 of it.
function relative(seconds) {
  const size = Math.abs(seconds);
  const [unit, length] = STEPS.find(([, each]) => size >= each * 1.2) ?? STEPS.at(-1);
  return format.format(Math.round(seconds / length), unit);
}

function refresh() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-hf-ago]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    if (Math.abs(seconds) >= 60) time.textContent = relative(seconds);
  }
  for (const age of document.querySelectorAll("[data-hf-late].fine")) {
    if (Date.parse(age.dataset.hfLate) < Date.now()) age.classList.replace("fine", "soon");
  }
}
setInterval(refresh, 30000);
document.addEventListener("visibilitychange", refresh);

document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-hf-reveal]");
  const field = eye && document.getElementById(eye.dataset.hfReveal);
  if (!field) return;
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  eye.setAttribute("aria-pressed", String(!shown));
  field.focus();
});
