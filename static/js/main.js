// @ts-check
/**
 * Entry of every page: starts the module that an element asks for by `data-page`.
 * Pages work without it; a module only makes them quicker to use.
 */

for (const element of document.querySelectorAll("[data-page]")) {
  const name = /** @type {HTMLElement} */ (element).dataset.page ?? "";
  if (/^[a-z-]+$/.test(name)) {
    const page = await import(`./pages/${name}.js`);
    page.start(element);
  }
}

export {};
