// Copies the text of data-copy and says so on the button itself.

const SHOWN = 2000;

function prepare(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = !navigator.clipboard;
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const face = button.querySelector("span");
  const before = face.textContent;
  face.textContent = button.dataset.textCopied;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => {
    face.textContent = before;
  }, SHOWN);
});
