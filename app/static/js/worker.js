// A page on which she writes opens again without a network: as it was last seen, with what this device keeps put back by
// autosave.js. The network always comes first.

const FORM = /\/form\/[^/]+$/;
const PATIENCE = 8000;

const kept = (request) => caches.match(request, { ignoreVary: true });

async function page(event) {
  const { request } = event;
  const fresh = fetch(request).then(async (response) => {
    if (response.status >= 502) return (await kept(request)) ?? response;
    if (FORM.test(new URL(request.url).pathname)) {
      const cache = await caches.open("forms");
      // Whoever is signed out, or no longer has this page, does not find it here either.
      if (response.ok) event.waitUntil(cache.put(request, response.clone()));
      else if (response.status < 500) event.waitUntil(cache.delete(request, { ignoreVary: true }));
    }
    return response;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => kept(request)).then((found) => found ?? fresh);
  return Promise.race([fresh, late]).catch(async (error) => {
    const found = await kept(request);
    if (found) return found;
    throw error;
  });
}

async function part(request) {
  return (await kept(request)) ?? fetch(request);
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (new URL(request.url).search.startsWith("?v=")) event.respondWith(part(request));
});
