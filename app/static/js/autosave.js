// Never lose a word. Every change is kept on this device at once and sent to the server soon, in order, under an id of its
// own, so that sending twice saves once. What the server has acknowledged leaves the device. A text changed in two places
// is shown twice, and she chooses. All open tabs share one queue.

const queue = await import(document.querySelector("meta[name=queue-module]").content);

const TYPING = 2000;
const PATIENCE = 20000;
const RETRIES = [1000, 2000, 4000, 8000, 15000];
const SILENT = new Set(["hidden", "file", "submit", "button", "password"]);
const DOORS = new Set([400, 401]);

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const token = () => document.querySelector("meta[name=csrf-token]");
const newId = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));
const TAB = newId();
const alone = (name, work) => (navigator.locks ? navigator.locks.request(`autosave ${name}`, work) : work());
const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("autosave") : null;

// --- The way to the server: one for each address, whatever fields the page has -----------------------------------------

class Sender {
  constructor(url) {
    this.url = url;
    this.readers = new Set();
    this.held = new Set();
    this.failures = 0;
    this.isRunning = false;
  }

  tell(event) {
    for (const reader of this.readers) reader.heard(event);
  }

  // What happened is news for the other tabs too.
  announce(event) {
    this.tell(event);
    tabs?.postMessage({ url: this.url, event });
  }

  async drain() {
    this.isWanted = true;
    if (this.isRunning) return;
    this.isRunning = true;
    clearTimeout(this.timer);
    while (this.isWanted) {
      this.isWanted = false;
      await alone(this.url, () => this.sendAll());
    }
    this.isRunning = false;
  }

  async sendAll() {
    for (let change; (change = await queue.next(this.url, this.held)); ) {
      const answer = await this.send(change);
      if (answer.kind === "saved" || answer.kind === "late") {
        const value = answer.server_value ?? change.value;
        await queue.settle(this.url, change, { version: answer.version, value, isLate: answer.kind === "late" });
        this.announce({ kind: answer.kind, change, answer });
      } else if (answer.kind === "rival") {
        await queue.dispute(this.url, change, answer);
        this.announce({ kind: "rival", change, answer });
      } else if (answer.kind === "refused") {
        this.held.add(change.id);
        await queue.hold(this.url, change.id);
        this.tell({ kind: "failed", text: answer.message });
      } else {
        this.tell(answer);
        this.retry();
        return;
      }
      this.failures = 0;
    }
  }

  retry() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drain(), RETRIES[Math.min(this.failures, RETRIES.length - 1)]);
    this.failures += 1;
  }

  async send(change, { isSecond = false } = {}) {
    let response;
    let answer;
    try {
      response = await fetch(this.url, {
        method: "POST",
        keepalive: document.visibilityState === "hidden" && change.value.length < 10000,
        signal: AbortSignal.timeout(PATIENCE),
        headers: { "X-CSRFToken": token().content, Accept: "application/json" },
        body: new URLSearchParams({ field: change.field, value: change.value, change_id: change.id, base_version: change.base }),
      });
      answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    } catch {
      return { kind: "offline" };
    }
    if (response.ok && answer && !response.redirected) return { ...answer, kind: answer.is_late ? "late" : "saved" };
    if (response.status === 409 && answer && "server_version" in answer) return { ...answer, kind: "rival" };
    if (response.ok || (DOORS.has(response.status) && !isSecond)) {
      const found = await this.knock();
      return found === "open" && !isSecond ? this.send(change, { isSecond: true }) : { kind: found === "open" ? "failed" : found };
    }
    if (response.status === 401) return { kind: "signedOut" };
    if (response.status >= 500 || response.status === 408 || response.status === 429) return { kind: "failed", text: answer?.message };
    return { kind: "refused", message: answer?.message };
  }

  // A token goes stale with its session: this page, fetched again, has a fresh one, or leads to the sign-in page.
  async knock() {
    try {
      const response = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE), headers: { Accept: "text/html" } });
      if (response.redirected || !response.ok) return response.status >= 500 ? "failed" : "signedOut";
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("meta[name=csrf-token]").content;
      token().content = fresh;
      for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh;
      return "open";
    } catch {
      return "offline";
    }
  }
}

const senders = new Map();

function senderTo(url) {
  if (!senders.has(url)) senders.set(url, new Sender(url));
  return senders.get(url);
}

// --- The line that says what is kept ------------------------------------------------------------------------------------

class Status {
  constructor(element) {
    this.element = element;
    this.words = element?.dataset ?? {};
  }

  say(kind, text) {
    if (!this.element) return;
    const isPhone = matchMedia("(max-width: 40rem)").matches;
    const said = {
      saving: this.words.textSaving,
      offline: (isPhone && this.words.textOfflinePhone) || this.words.textOffline,
      unkept: this.words.textUnkept,
      failed: this.words.textFailed,
      signedOut: this.words.textSignedOut,
      restored: this.words.textRestored,
    };
    const line = document.createElement("span");
    line.append(text || said[kind] || "");
    if (kind === "signedOut") line.append(" ", this.wayIn());
    this.element.replaceChildren(line);
    this.element.className = `autosave is-${{ saved: "saved", saving: "saving" }[kind] ?? "unsaved"}`;
  }

  saved(answer) {
    const time = answer.saved_at ?? new Date().toTimeString().slice(0, 5);
    this.say(answer.kind === "late" ? "late" : "saved", answer.message || fill(this.words.textSaved ?? "", { time }));
  }

  wayIn() {
    const link = document.createElement("a");
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.target = "_blank";
    link.textContent = this.words.textSignIn;
    return link;
  }
}

// --- A form whose fields are kept ---------------------------------------------------------------------------------------

class Field {
  constructor(keeper, name, element) {
    this.keeper = keeper;
    this.name = name;
    this.table = element.closest("[data-rows-field]");
    this.text = this.kept = this.value; // as last noticed, and as last put on the device
    this.over = null; // the change whose text stands here
    this.waiting = null; // the change of this tab that nobody acknowledged yet
    this.isKeeping = false;
    this.timer = 0;
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

  get isSettled() {
    return !this.waiting && !this.isKeeping && this.text === this.kept;
  }

  // Put a text into the input that came from elsewhere: the device, another tab, the server.
  show(text, { over = this.over, version = this.version } = {}) {
    this.over = over;
    this.version = version;
    this.isShowing = true;
    if (this.value !== text) this.value = text;
    this.isShowing = false;
    this.text = this.kept = this.value;
  }

  async noticed(isFinished) {
    if (this.isShowing) return;
    clearTimeout(this.timer);
    if (this.value !== this.text) {
      this.text = this.value;
      this.keeper.status.say("saving");
    } else if (this.isSettled) {
      return;
    }
    const keeping = this.keep();
    if (isFinished) {
      await keeping;
      this.keeper.sender.drain();
    } else {
      this.timer = setTimeout(() => this.keeper.sender.drain(), TYPING);
    }
  }

  // One at a time, and always the newest text: a slow device is not made slower.
  async keep(options) {
    if (this.isKeeping) return this.keeping;
    this.isKeeping = true;
    this.keeping = (async () => {
      while (this.text !== this.kept) {
        const text = this.text;
        const change = { id: newId(), tab: TAB, page: location.pathname, field: this.name, value: text, base: this.version, after: this.over };
        this.waiting = change.id;
        this.keeper.isKept = await queue.keep(this.keeper.sender.url, change, options);
        this.over = change.id;
        this.kept = text;
      }
      this.isKeeping = false;
    })();
    return this.keeping;
  }

  heard({ kind, change, answer }) {
    const isMine = this.waiting === change.id || this.over === change.id;
    if (kind === "rival") {
      if (this.waiting === change.id) this.conflict(answer);
      return;
    }
    if (this.waiting === change.id) {
      this.waiting = null;
      this.box?.remove();
    }
    if (!this.isSettled) return;
    if (kind === "late") this.over = change.id;
    else if (isMine && answer.server_value === undefined) this.version = answer.version;
    else if (Number(answer.version) >= Number(this.version)) {
      this.show(answer.server_value ?? change.value, { over: change.id, version: answer.version });
    }
  }

  conflict(answer) {
    if (answer.server_value === this.text) {
      this.takeTheirs(answer);
      return;
    }
    const isNew = !this.box?.isConnected;
    this.box?.remove();
    this.words = answer.message;
    this.keeper.status.say("failed", this.words);
    this.box = this.keeper.question(this, answer);
    const place = this.table ?? this.elements[0].closest(".field, .criterion") ?? this.elements[0];
    place.after(this.box);
    if (isNew) this.box.scrollIntoView({ block: "nearest" });
  }

  async keepMine(answer) {
    this.version = answer.server_version;
    this.kept = null;
    await this.keep({ isChosen: true });
    this.keeper.sender.drain();
  }

  async takeTheirs(answer) {
    const change = { id: this.waiting, field: this.name, value: answer.server_value };
    this.waiting = null;
    this.show(answer.server_value, { over: null, version: answer.server_version });
    await queue.drop(this.keeper.sender.url, change.id);
    this.keeper.sender.announce({ kind: "saved", change, answer: { kind: "saved", version: answer.server_version } });
  }
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.sender = senderTo(form.dataset.autosaveUrl);
    this.status = new Status(form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]"));
    this.fields = new Map();
    this.isKept = true;
    this.isLeaving = false;
    for (const element of form.elements) this.fieldOf(element);
    form.addEventListener("input", (event) => this.fieldOf(event.target)?.noticed(false));
    form.addEventListener("change", (event) => this.fieldOf(event.target)?.noticed(true));
    form.addEventListener("focusout", (event) => this.fieldOf(event.target)?.noticed(true));
    form.addEventListener("submit", (event) => this.leave(event));
    this.sender.readers.add(this);
    this.restore();
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
    return [...this.fields.values()].some((field) => !field.isSettled);
  }

  // What a dead battery, a lost session or a page from the cache left on this device.
  async restore() {
    const { changes, known } = await queue.read(this.sender.url);
    for (const [name, one] of Object.entries(known)) {
      const field = this.fields.get(name);
      if (!field) continue;
      if (Number(one.version) > Number(field.version)) field.show(one.value, { over: one.id, version: one.version });
      else queue.forget(this.sender.url, name);
    }
    let isRestored = false;
    for (const change of changes) {
      const field = this.fields.get(change.field);
      if (!field) continue;
      isRestored ||= field.value !== change.value;
      field.show(change.value, { over: change.id, version: change.base });
      field.waiting = change.id;
      if (change.rival) field.conflict(change.rival);
    }
    if (isRestored) this.status.say("restored");
    if (changes.length) this.sender.drain();
  }

  heard(event) {
    if (event.change) this.fields.get(event.change.field)?.heard(event);
    if (event.kind === "rival") return;
    if (!event.change) this.status.say(this.isKept ? event.kind : "unkept", event.text);
    else if (!this.hasUnsaved) this.status.saved({ ...event.answer, kind: event.kind });
  }

  // The form goes when the queue is empty: otherwise an older text could arrive after it.
  async leave(event) {
    const finished = [...this.fields.values()].map((field) => field.noticed(true));
    const unsent = this.form.querySelector("[data-unsent]");
    if (this.isLeaving || (!this.hasUnsaved && !unsent)) {
      this.isLeaving = true;
      return;
    }
    event.preventDefault();
    if (unsent) unsent.hidden = navigator.onLine;
    if (this.hasUnsaved) this.status.say("saving");
    await Promise.all(finished);
    await this.sender.drain();
    await settled(this.sender);
    const asked = [...this.fields.values()].find((field) => field.box?.isConnected);
    if (asked) {
      this.status.say("failed", asked.words);
      asked.box.scrollIntoView({ block: "center" });
    }
    const isStuck = this.hasUnsaved && !this.sender.held.size;
    // What is done once, such as signing, is not left to a network that is not there: she is told, and does it herself.
    if (unsent && (isStuck || (await this.sender.knock()) === "offline")) {
      unsent.hidden = false;
      unsent.scrollIntoView({ block: "center" });
      return;
    }
    if (isStuck) return;
    this.isLeaving = true;
    this.form.requestSubmit(event.submitter);
  }

  question(field, answer) {
    const words = this.status.words;
    const box = document.createElement("div");
    box.className = "conflict";
    box.setAttribute("role", "group");
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
      half.append(part("p", "conflict-name", title), part("p", "", readable(value)));
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
    theirs.addEventListener("click", decide(() => field.takeTheirs(answer)));
    actions.append(mine, theirs);
    box.append(part("p", "conflict-title", words.textConflictTitle), texts, actions);
    box.firstChild.setAttribute("role", "alert");
    return box;
  }
}

// --- A page without these fields: it sends what waits, and nothing is submitted before ---------------------------------

class Waiting {
  constructor(element) {
    this.element = element;
    this.sender = senderTo(element.dataset.queueUrl);
    this.status = new Status(element.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]"));
    this.sender.readers.add(this);
    if (element.matches("form")) element.addEventListener("submit", (event) => this.leave(event));
    this.start();
  }

  async start() {
    const { changes } = await queue.read(this.sender.url);
    this.hasWaiting = changes.length > 0;
    if (!this.hasWaiting) return;
    this.status.say("restored");
    const rival = changes.find((change) => change.rival);
    if (rival) this.status.say("failed", this.wayTo(rival));
    await this.sender.drain();
  }

  wayTo(change) {
    const link = document.createElement("a");
    link.href = change.page;
    link.textContent = this.status.words.textConflictTitle;
    return link;
  }

  // What stands on this page is older than what was sent: show it as it is now.
  async heard(event) {
    if (!event.change) {
      if (this.hasWaiting) this.status.say(event.kind, event.text);
    } else if (event.kind === "rival") {
      this.status.say("failed", this.wayTo(event.change));
    } else if (!(await queue.read(this.sender.url)).changes.length && !this.isLeaving) {
      location.reload();
    }
  }

  async leave(event) {
    if (this.isLeaving) return;
    event.preventDefault();
    this.isLeaving = true;
    this.hasWaiting ||= (await queue.read(this.sender.url)).changes.length > 0;
    await this.sender.drain();
    await settled(this.sender);
    const { changes } = await queue.read(this.sender.url);
    if (changes.length) this.isLeaving = false;
    else if (this.hasWaiting) location.reload();
    else this.element.requestSubmit(event.submitter);
  }
}

// Until the sender has nothing more that it can do.
async function settled(sender) {
  while (sender.isRunning) await new Promise((resolve) => setTimeout(resolve, 20));
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

// --- The page opens without a network ----------------------------------------------------------------------------------

async function keepPage(form) {
  if (!globalThis.caches || !navigator.serviceWorker || !form.dataset.worker) return;
  await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.workerScope });
  const cache = await caches.open("forms");
  if (!(await cache.match(location.pathname, { ignoreVary: true }))) await cache.add(location.pathname);
  const parts = new Set(performance.getEntriesByType("resource").map((one) => one.name).filter((url) => url.startsWith(`${location.origin}/static/`)));
  for (const url of parts) if (!(await cache.match(url))) await cache.add(url);
  for (const { url } of await cache.keys()) {
    const isOld = url.includes("?v=") && !parts.has(url) && [...parts].some((part) => part.split("?")[0] === url.split("?")[0]);
    if (isOld) await cache.delete(url);
  }
}

// --- Begin --------------------------------------------------------------------------------------------------------------

const keepers = new Map();

function prepare(root) {
  const found = (selector) => [...root.querySelectorAll(selector), ...(root.matches?.(selector) ? [root] : [])];
  for (const form of found("form[data-autosave-url]")) {
    if (keepers.has(form)) continue;
    keepers.set(form, new Keeper(form));
    keepPage(form).catch(() => {});
  }
  for (const element of found("[data-queue-url]")) if (!keepers.has(element)) keepers.set(element, new Waiting(element));
}

function sendAll() {
  for (const sender of senders.values()) sender.drain();
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));
tabs?.addEventListener("message", ({ data }) => senders.get(data.url)?.tell(data.event));
addEventListener("online", sendAll);
document.addEventListener("visibilitychange", sendAll);
addEventListener("beforeunload", (event) => {
  if ([...keepers.values()].some((keeper) => keeper.hasUnsaved && !keeper.isLeaving)) event.preventDefault();
});
