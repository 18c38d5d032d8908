// Native dialogs, and one question before an act that cannot be taken back (data-confirm on its form, or on the button of one act among others).

function show(dialog) {
  if (location.hash === `#${dialog.id}`) history.replaceState(null, "", location.pathname + location.search);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    show(document.getElementById(opener.dataset.dialogOpen));
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
    return;
  }
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
});

function ask(form, submitter, { confirm, confirmLabel, confirmKind }) {
  const dialog = document.querySelector("[data-confirm-dialog]");
  const yes = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("[data-confirm-text]").textContent = confirm;
  yes.textContent = confirmLabel || submitter?.textContent.trim() || yes.textContent;
  yes.className = `button is-${confirmKind || "primary"}`;
  yes.onclick = () => {
    dialog.close();
    form.dataset.confirmed = "";
    form.requestSubmit(submitter);
  };
  dialog.querySelector("[data-confirm-no]").onclick = () => dialog.close();
  dialog.showModal();
}

// In the capture phase, so that the question comes before htmx and before autosave let the form go.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ? event.submitter.dataset : form.dataset;
    if (!question.confirm) return;
    if ("confirmed" in form.dataset) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter, question);
  },
  true,
);
