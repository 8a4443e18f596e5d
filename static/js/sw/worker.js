// @ts-check
/// <reference lib="webworker" />
/**
 * Keeps the shell on the phone: one page without anything of anybody, its styles and scripts.
 * Nothing else is ever kept here; what is somebody's lies in the outbox and the caseload.
 *
 * `self.SHELL` is put before this by the server.
 *
 * @typedef {{ release: string, page: string, files: string[] }} Shell
 */

const worker = /** @type {ServiceWorkerGlobalScope & { SHELL: Shell }} */ (
  /** @type {unknown} */ (self)
);
const { release, page, files } = worker.SHELL;
const CACHE = `pkh-shell-${release}`;
/** As long as a page may keep somebody waiting who could work without it. */
const PATIENCE = 4000;
/** What the shell has a page for; whoever waits for another one is not helped by it. */
const SHOWN =
  /^\/(offline|outbox|groups\/[\da-f-]{36}(\/meetings\/new)?|households\/[\da-f-]{36}(\/readiness|\/economics\/observations\/new)?)?$/;
/** Answers of whatever stands before our server when that is away. */
const AWAY = new Set([502, 503, 504]);

worker.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(opened(request));
  } else if (files.includes(url.pathname)) {
    event.respondWith(kept(url.pathname, request));
  }
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([page, ...files].map((url) => new Request(url, { cache: "reload" })));
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("pkh-shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/**
 * @param {string} url
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function kept(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

/**
 * The page itself where there is signal, the shell where there is none or far too little.
 *
 * @param {Request} request
 * @returns {Promise<Response>}
 */
async function opened(request) {
  const network = fetch(request);
  const shell = () => caches.open(CACHE).then((cache) => cache.match(page));
  /** @type {Promise<null>} */
  const tooLate = new Promise((resolve) => {
    setTimeout(() => resolve(null), PATIENCE);
  });
  try {
    const isShown = SHOWN.test(new URL(request.url).pathname);
    const response = await (isShown ? Promise.race([network, tooLate]) : network);
    if (response && !AWAY.has(response.status)) {
      return response;
    }
    return (await shell()) ?? (await network);
  } catch {
    return (await shell()) ?? Response.error();
  } finally {
    network.catch(() => {}); // it may still fail when nobody waits for it
  }
}
