// What helps in single fields: characters left, files that are too large, a password that can be seen,
// the list of errors in focus, `/` for the search.

const MEGABYTE = 1024 * 1024;

const IS_ENGLISH = document.documentElement.lang === "en";
const LOCALE = IS_ENGLISH ? "en" : "ru";

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

function count(counter) {
  const field = document.getElementById(counter.dataset.counter);
  if (!field) return;
  // As the server counts: characters, and one for a line break.
  const left = Number(counter.dataset.counterLimit) - [...field.value.replace(/\r\n/g, "\n")].length;
  const text = left < 0 ? counter.dataset.textOver : counter.dataset.textLeft;
  counter.textContent = fill(text, { count: Math.abs(left).toLocaleString(LOCALE) });
  counter.classList.toggle("is-over", left < 0);
}

function tooLarge(input) {
  const limit = Number(input.dataset.maxBytes);
  const size = (bytes) => `${(bytes / MEGABYTE).toLocaleString(LOCALE, { maximumFractionDigits: 1 })} ${IS_ENGLISH ? "MB" : "МБ"}`;
  input.parentElement.querySelector("[data-file-error]")?.remove();
  input.setCustomValidity("");
  const file = [...input.files].find((one) => limit && one.size > limit);
  if (!file) return;
  const error = document.createElement("p");
  error.className = "error";
  error.dataset.fileError = "";
  error.setAttribute("role", "alert");
  error.textContent = fill(input.dataset.textTooLarge, { name: file.name, size: size(file.size), limit: size(limit) });
  input.before(error);
  input.value = "";
}

function prepare(root) {
  for (const counter of root.querySelectorAll("[data-counter]")) count(counter);
  for (const button of root.querySelectorAll("[data-reveal][hidden], [data-print][hidden]")) button.hidden = false;
  root.querySelector("[data-focus]")?.focus();
}

document.addEventListener("input", (event) => {
  for (const counter of document.querySelectorAll(`[data-counter="${CSS.escape(event.target.id)}"]`)) count(counter);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file][data-max-bytes]") && !event.target.closest("[data-upload-url]")) tooLarge(event.target);
});

document.addEventListener("click", (event) => {
  const reveal = event.target.closest("[data-reveal]");
  if (reveal) {
    const field = document.getElementById(reveal.dataset.reveal);
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    reveal.setAttribute("aria-label", shown ? reveal.dataset.textShow : reveal.dataset.textHide);
  }
  if (event.target.closest("[data-print]")) print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
});

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));
