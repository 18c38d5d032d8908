// Never lose a word. Every change goes to this device at once and to the server soon; what the server has
// acknowledged leaves the device. A text changed in two places is shown twice, and she chooses.

const TYPING = 2000;
const RETRY = 15000;
const SILENT = new Set(["hidden", "file", "submit", "button", "password"]);

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const token = () => document.querySelector("meta[name=csrf-token]").content;
const newId = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

const shelf = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, change) {
    try {
      localStorage.setItem(key, JSON.stringify(change));
    } catch {
      // A full or forbidden store: the server still gets the text.
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
};

class Field {
  constructor(keeper, name, element) {
    this.keeper = keeper;
    this.name = name;
    this.table = element.closest("[data-rows-field]");
    this.key = `autosave ${keeper.url} ${name}`;
    this.change = null;
    this.isSending = false;
    this.isInConflict = false;
    this.timer = 0;
    this.sent = this.value;
  }

  get elements() {
    return this.table ? [this.table] : [...this.keeper.form.elements].filter((one) => one.name === this.name);
  }

  get value() {
    if (this.table) return JSON.stringify(this.lines());
    const [first, ...rest] = this.elements;
    if (first.type === "radio") return this.elements.find((one) => one.checked)?.value ?? "";
    if (first.type === "checkbox" && rest.length) return JSON.stringify(this.elements.filter((one) => one.checked).map((one) => one.value));
    if (first.type === "checkbox") return first.checked ? first.value : "";
    if (first.multiple) return JSON.stringify([...first.selectedOptions].map((one) => one.value));
    return first.value;
  }

  set value(text) {
    if (this.table) {
      this.fillLines(JSON.parse(text || "[]"));
      return;
    }
    const [first, ...rest] = this.elements;
    if (first.type === "radio") for (const one of this.elements) one.checked = one.value === text;
    else if (first.type === "checkbox" && rest.length) for (const one of this.elements) one.checked = JSON.parse(text || "[]").includes(one.value);
    else if (first.type === "checkbox") first.checked = text !== "";
    else if (first.multiple) for (const one of first.options) one.selected = JSON.parse(text || "[]").includes(one.value);
    else first.value = text;
    first.dispatchEvent(new Event("input", { bubbles: true }));
  }

  get version() {
    return this.elements[0].dataset.version ?? "0";
  }

  // Without JavaScript the version travels as a hidden input, version-NAME or version-QUESTION for a part NAME of a question.
  set version(number) {
    for (const element of this.elements) element.dataset.version = number;
    for (const one of this.keeper.form.elements) {
      if (one.type !== "hidden" || !one.name.startsWith("version-")) continue;
      const owner = one.name.slice("version-".length);
      if (owner === this.name || this.name.startsWith(`${owner}-`)) one.value = number;
    }
  }

  lines() {
    return [...this.table.querySelectorAll("[data-rows-body] > [data-row]")]
      .map((row) => Object.fromEntries([...row.querySelectorAll("[data-column]")].map((one) => [one.dataset.column, one.value])))
      .filter((line) => Object.values(line).some((text) => text.trim()));
  }

  fillLines(lines) {
    const body = this.table.querySelector("[data-rows-body]");
    const blank = this.table.querySelector("[data-rows-template]").content;
    body.replaceChildren(...lines.map(() => blank.cloneNode(true)));
    [...body.querySelectorAll(":scope > [data-row]")].forEach((row, index) => {
      for (const input of row.querySelectorAll("[data-column]")) input.value = lines[index][input.dataset.column] ?? "";
    });
    this.table.dispatchEvent(new CustomEvent("rows:replaced", { bubbles: true }));
  }

  noticed(isFinished) {
    clearTimeout(this.timer);
    if (this.isInConflict || this.value === (this.change?.value ?? this.sent)) {
      if (isFinished && this.change) this.send();
      return;
    }
    this.change = { value: this.value, id: newId(), base: this.version };
    shelf.write(this.key, this.change);
    this.keeper.tell("saving");
    if (isFinished) this.send();
    else this.timer = setTimeout(() => this.send(), TYPING);
  }

  // What a dead battery or a lost session left on this device.
  restore() {
    const kept = shelf.read(this.key);
    if (!kept) return false;
    if (kept.value === this.value) {
      shelf.drop(this.key);
      return false;
    }
    this.change = kept;
    this.value = kept.value;
    this.send();
    return true;
  }

  async send({ isLeaving = false } = {}) {
    clearTimeout(this.timer);
    if (!this.change || this.isSending || this.isInConflict) return;
    const change = this.change;
    this.isSending = true;
    try {
      const response = await fetch(this.keeper.url, {
        method: "POST",
        keepalive: isLeaving,
        headers: { "X-CSRFToken": token(), Accept: "application/json" },
        body: new URLSearchParams({ field: this.name, value: change.value, change_id: change.id, base_version: change.base }),
      });
      await this.answered(response, change);
    } catch {
      this.keeper.tell("offline");
      this.keeper.retry();
    } finally {
      this.isSending = false;
    }
    if (this.change && this.change !== change) this.send();
  }

  async answered(response, change) {
    const isJson = response.headers.get("Content-Type")?.includes("json");
    if (response.redirected || response.status === 401 || (response.ok && !isJson)) {
      this.keeper.tell("signedOut");
    } else if (response.ok) {
      const answer = await response.json();
      this.version = answer.version;
      this.sent = change.value;
      if (this.change === change) {
        this.change = null;
        shelf.drop(this.key);
      } else {
        this.change.base = answer.version;
        shelf.write(this.key, this.change);
      }
      this.keeper.saved(answer);
    } else if (response.status === 409 && isJson) {
      this.conflict(await response.json());
    } else {
      const answer = isJson ? await response.json() : {};
      this.keeper.tell("failed", answer.message);
      this.keeper.retry();
    }
  }

  conflict(answer) {
    if (answer.server_value === this.change.value) {
      this.keepTheirs(answer);
      return;
    }
    this.isInConflict = true;
    this.keeper.tell("failed", answer.message);
    const box = this.keeper.question(this, answer);
    const place = this.table ?? this.elements[0].closest(".field, .criterion") ?? this.elements[0];
    place.after(box);
    box.querySelector("button").focus();
  }

  keepMine(answer) {
    this.isInConflict = false;
    this.version = answer.server_version;
    this.change = { value: this.value, id: newId(), base: String(answer.server_version) };
    shelf.write(this.key, this.change);
    this.send();
  }

  keepTheirs(answer) {
    this.isInConflict = false;
    this.change = null;
    this.sent = answer.server_value;
    this.version = answer.server_version;
    shelf.drop(this.key);
    this.value = answer.server_value;
    this.keeper.saved({});
  }
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    this.fields = new Map();
    this.isLeaving = false;
    for (const element of form.elements) this.fieldOf(element);
    form.addEventListener("input", (event) => this.fieldOf(event.target)?.noticed(false));
    form.addEventListener("change", (event) => this.fieldOf(event.target)?.noticed(true));
    form.addEventListener("focusout", (event) => this.fieldOf(event.target)?.noticed(true));
    form.addEventListener("submit", () => {
      this.isLeaving = true;
    });
    const restored = [...this.fields.values()].filter((field) => field.restore());
    if (restored.length) this.tell("restored");
  }

  fieldOf(element) {
    const table = element.closest("[data-rows-field]");
    const name = table ? table.dataset.rowsField : element.name;
    if (!name || name === "csrf_token" || element.closest("[data-no-autosave]")) return null;
    if (!table && SILENT.has(element.type)) return null;
    if (!this.fields.has(name)) this.fields.set(name, new Field(this, name, element));
    return this.fields.get(name);
  }

  get hasUnsaved() {
    return [...this.fields.values()].some((field) => field.change);
  }

  flush(options) {
    for (const field of this.fields.values()) field.send(options);
  }

  retry() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), RETRY);
  }

  saved(answer) {
    if (this.hasUnsaved) return;
    const time = answer.saved_at ?? new Date().toTimeString().slice(0, 5);
    this.tell(answer.is_late ? "late" : "saved", answer.message || fill(this.status?.dataset.textSaved ?? "", { time }));
  }

  tell(kind, text) {
    if (!this.status) return;
    const said = { saving: "textSaving", offline: "textOffline", failed: "textFailed", signedOut: "textSignedOut", restored: "textRestored" };
    this.status.textContent = text || this.status.dataset[said[kind]];
    this.status.className = `autosave is-${kind === "saved" ? "saved" : kind === "saving" ? "saving" : "unsaved"}`;
  }

  question(field, answer) {
    const words = this.status.dataset;
    const box = document.createElement("div");
    box.className = "conflict";
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-label", words.textConflictTitle);
    const part = (tag, className, text) => {
      const element = document.createElement(tag);
      element.className = className;
      element.textContent = text;
      return element;
    };
    const texts = part("div", "conflict-texts", "");
    const versions = [
      [words.textConflictMine, field.value],
      [words.textConflictTheirs, answer.server_value],
    ];
    for (const [title, value] of versions) {
      const half = document.createElement("div");
      half.append(part("h3", "", title), part("p", "", readable(value)));
      texts.append(half);
    }
    const mine = part("button", "button is-primary", words.textKeepMine);
    const theirs = part("button", "button is-secondary", words.textTakeTheirs);
    const actions = part("div", "actions", "");
    const decide = (act) => () => {
      box.remove();
      act();
      field.elements[0].focus?.();
    };
    mine.type = theirs.type = "button";
    mine.addEventListener("click", decide(() => field.keepMine(answer)));
    theirs.addEventListener("click", decide(() => field.keepTheirs(answer)));
    actions.append(mine, theirs);
    box.append(part("p", "conflict-title", words.textConflictTitle), texts, actions);
    return box;
  }
}

// Lines of a table as a person reads them.
function readable(value) {
  try {
    const lines = JSON.parse(value);
    if (!Array.isArray(lines)) return value;
    return lines.map((line) => (typeof line === "object" ? Object.values(line).filter(Boolean).join(" · ") : line)).join("\n");
  } catch {
    return value;
  }
}

const keepers = new Map();

function prepare(root) {
  const forms = [...root.querySelectorAll("form[data-autosave-url]")];
  if (root.matches?.("form[data-autosave-url]")) forms.push(root);
  for (const form of forms) if (!keepers.has(form)) keepers.set(form, new Keeper(form));
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));
addEventListener("online", () => keepers.forEach((keeper) => keeper.flush()));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keepers.forEach((keeper) => keeper.flush({ isLeaving: true }));
});
addEventListener("beforeunload", (event) => {
  if ([...keepers.values()].some((keeper) => keeper.hasUnsaved && !keeper.isLeaving)) event.preventDefault();
});
