// What was typed and not yet acknowledged, kept on this device until the server has it: one record for each address,
// with the changes in the order in which they were typed, and the last acknowledged text of each field.

const STORE = "queues";
const memory = new Map();
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("baiqau", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

// One transaction: tabs that write at once wait for each other. `isKept` is false where the browser keeps nothing.
async function turn(url, work) {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      const store = transaction.objectStore(STORE);
      let result;
      store.get(url).onsuccess = (event) => {
        const queue = event.target.result ?? { changes: [], known: {} };
        result = work(queue);
        if (queue.changes.length || Object.keys(queue.known).length) store.put(queue, url);
        else store.delete(url);
      };
      transaction.oncomplete = () => resolve({ result, isKept: true });
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    const queue = memory.get(url) ?? { changes: [], known: {} };
    memory.set(url, queue);
    return { result: work(queue), isKept: false };
  }
}

export async function read(url) {
  return (await turn(url, (queue) => structuredClone(queue))).result;
}

// A change is {id, tab, page, field, value, base, after}: typed over version `base`, or over the change `after`.
// One that has not left the device gives way to the next of the same tab, and so does one that was refused; one whose
// rival is known is in history already.
export async function keep(url, change, { isChosen = false } = {}) {
  const { isKept } = await turn(url, (queue) => {
    const last = queue.changes.findLast((one) => one.field === change.field);
    const known = queue.known[change.field];
    if (last && (last.rival || last.isHeld || (last.tab === change.tab && !last.isSent))) {
      const basis = isChosen ? { base: change.base, after: null } : { base: last.base, after: last.after };
      queue.changes[queue.changes.indexOf(last)] = { ...change, ...basis };
      return;
    }
    const follows = queue.changes.some((one) => one.id === change.after);
    const base = !follows && known?.id === change.after ? known.version : change.base;
    queue.changes.push({ ...change, base, after: follows ? change.after : null });
  });
  return isKept;
}

// The first change that can go, marked as sent: from now on it is never altered.
export async function next(url, held) {
  const { result } = await turn(url, (queue) => {
    const fields = new Set();
    for (const change of queue.changes) {
      if (!change.rival && !held.has(change.id) && !fields.has(change.field)) {
        change.isSent = true;
        return structuredClone(change);
      }
      if (!change.rival) fields.add(change.field);
    }
    return null;
  });
  return result;
}

// The server has it: what was typed over it goes on from there. A late text changes no version.
export async function settle(url, change, { version, value, isLate = false }) {
  await turn(url, (queue) => {
    queue.changes = queue.changes.filter((one) => one.id !== change.id);
    for (const one of queue.changes) if (one.after === change.id) Object.assign(one, { after: null, base: version });
    if (!isLate) queue.known[change.field] = { id: change.id, version, value };
  });
}

// The server keeps both texts. If more was typed meanwhile, that is what she will be asked about.
export async function dispute(url, change, rival) {
  await turn(url, (queue) => {
    const followers = queue.changes.filter((one) => one.after === change.id);
    for (const one of followers) Object.assign(one, { after: null, base: change.base });
    if (followers.length) queue.changes = queue.changes.filter((one) => one.id !== change.id);
    else for (const one of queue.changes) if (one.id === change.id) one.rival = rival;
  });
}

// The server will not have it as it is: it stays here, and does not hold up other fields.
export async function hold(url, id) {
  await turn(url, (queue) => {
    for (const one of queue.changes) if (one.id === id) one.isHeld = true;
  });
}

export async function drop(url, id) {
  await turn(url, (queue) => {
    queue.changes = queue.changes.filter((one) => one.id !== id);
  });
}

export async function forget(url, field) {
  await turn(url, (queue) => {
    delete queue.known[field];
  });
}

// Whoever comes next to this device reads nothing that the server has; what it has not stays until it is sent.
export async function forgetAll() {
  await globalThis.caches?.delete("forms");
  const database = await open();
  const keys = await new Promise((resolve, reject) => {
    const request = database.transaction(STORE).objectStore(STORE).getAllKeys();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const key of keys) {
    await turn(key, (queue) => {
      queue.known = {};
    });
  }
}
