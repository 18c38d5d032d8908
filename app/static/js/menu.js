// The menu on a phone opens in place; menus close on Escape and on a press elsewhere.

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-menu-link]");
  if (link) {
    event.preventDefault();
    const menu = document.getElementById(link.getAttribute("aria-controls"));
    link.setAttribute("aria-expanded", String(menu.classList.toggle("is-open")));
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const link of document.querySelectorAll("[data-menu-link]")) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
}

// Who signs out leaves nothing readable on the device but what the server does not have yet.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[action='/sign-out']") || form.dataset.isClean) return;
  event.preventDefault();
  form.dataset.isClean = "true";
  try {
    await (await import(document.querySelector("meta[name=queue-module]").content)).forgetAll();
  } finally {
    form.requestSubmit(event.submitter);
  }
});
