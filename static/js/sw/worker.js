// @ts-check
/// <reference lib="webworker" />
/**
 * Keeps the shell on the phone: one page without anything of anybody, its styles and scripts.
 * Nothing else is ever kept here; what is somebody's lies in the outbox and the caseload.
 *
 * `self.SHELL` is put before this by the server; release: of the files and of the page; shown: the
 * addresses that the shell has a page for, as patterns.
 *
 * @typedef {{ release: string, page: string, files: string[], shown: string[] }} Shell
 */

const worker = /** @type {ServiceWorkerGlobalScope & { SHELL: Shell }} */ (
  /** @type {unknown} */ (self)
);
const { release, page, files, shown } = worker.SHELL;
const SHELLS = "pkh-shell-";
const CACHE = SHELLS + release;
/** As long as a page may keep somebody waiting who could work without it. */
const PATIENCE = 4000;
/** Whoever waits for another page is not helped by the shell. */
const SHOWN = new RegExp(shown.join("|"));
/** Answers of whatever stands before our server when that is away. */
const AWAY = new Set([502, 503, 504]);

worker.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(opened(request));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});

/** The files were fetched by the page that asked for this worker, and their addresses never change. */
async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([new Request(page, { cache: "reload" }), ...files]);
  const text = await (await cache.match(page))?.text();
  if (!files.every((each) => text?.includes(each))) {
    // Two servers of which one is not up to date yet: this is tried again at the next page.
    await caches.delete(CACHE);
    throw new Error("page and files are of two releases");
  }
}

/** A page of the release before may be open or on its way here, and still finds its files. */
async function forgetOlder() {
  const names = await caches.keys(); // in the order in which they were made
  const older = names.filter((name) => name.startsWith(SHELLS) && name !== CACHE).slice(0, -1);
  await Promise.all(older.map((name) => caches.delete(name)));
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
