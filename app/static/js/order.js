// Questions are dragged to their place; the arrows beside them do the same by keyboard and without this script.

let dragged = null;

function mark(question) {
  for (const one of document.querySelectorAll(".is-target")) one.classList.remove("is-target");
  question?.classList.add("is-target");
}

function drop(place) {
  const group = place.closest("[data-group]");
  const all = [...group.querySelectorAll("[data-question]")];
  const rest = all.filter((one) => one !== dragged);
  const form = dragged.querySelector("form.action").cloneNode(true);
  form.action = dragged.dataset.move;
  const target = place.closest("[data-question]");
  // Upwards it comes before what it was dropped on, downwards after it: there it stood a moment ago.
  const isDown = all.includes(dragged) && all.indexOf(dragged) < all.indexOf(target);
  const index = target ? rest.indexOf(target) + (isDown ? 1 : 0) : rest.length;
  for (const [name, value] of Object.entries({ group: group.dataset.group, place: index })) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(input);
  }
  form.hidden = true;
  document.body.append(form);
  form.requestSubmit();
}

for (const board of document.querySelectorAll("[data-order]")) {
  for (const question of board.querySelectorAll("[data-question]")) question.draggable = true;
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-question]");
    if (dragged) event.dataTransfer.effectAllowed = "move";
  });
  board.addEventListener("dragover", (event) => {
    if (!dragged || !event.target.closest("[data-group]")) return;
    event.preventDefault();
    mark(event.target.closest("[data-question]"));
  });
  board.addEventListener("drop", (event) => {
    if (!dragged || !event.target.closest("[data-group]")) return;
    event.preventDefault();
    if (event.target.closest("[data-question]") !== dragged) drop(event.target);
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
}
