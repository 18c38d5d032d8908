// Messages can be closed; their style lets them go by themselves after a while.

function closable(toast) {
  if (toast.querySelector(".toast-close")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-close";
  button.textContent = "×";
  button.setAttribute("aria-label", toast.closest("[data-toasts]").dataset.textClose);
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
}

function prepare(root) {
  for (const toast of root.querySelectorAll("[data-toast]")) closable(toast);
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));
