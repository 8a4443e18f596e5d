// @ts-check
/** Keeps the app itself on the phone. */

const ADDRESS = "/sw.js";

/** The address of the worker is the one thing that scripts here may make of a text. */
export async function keepApp() {
  const workers = navigator.serviceWorker;
  if (!workers) {
    return;
  }
  /** @type {any} */
  const types = /** @type {any} */ (globalThis).trustedTypes;
  const policy = types?.createPolicy("pkh-sw", {
    createScriptURL: (/** @type {string} */ url) => {
      if (url !== ADDRESS) {
        throw new TypeError("not the worker");
      }
      return url;
    },
  });
  await workers.register(policy ? policy.createScriptURL(ADDRESS) : ADDRESS);
}
