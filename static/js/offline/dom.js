// @ts-check
/**
 * Puts what the phone knows into copies of templates, always as text.
 *
 * @typedef {{ [name: string]: string | number | boolean | Values[] | undefined }} Values
 */

/**
 * @param {string} id
 * @param {Values} values
 * @returns {DocumentFragment}
 */
export function filled(id, values) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  fill(copy, values);
  return copy;
}

/**
 * data-list: its first child, once for each of the values; data-if: shown or not, a list if there
 * is anything in it; data-put: the text; data-href: the address.
 *
 * @param {ParentNode} root
 * @param {Values} values
 */
export function fill(root, values) {
  for (const list of root.querySelectorAll("[data-list]")) {
    const items = values[named(list, "list")];
    const first = list.firstElementChild;
    list.replaceChildren();
    for (const item of first && Array.isArray(items) ? items : []) {
      const copy = /** @type {Element} */ (first?.cloneNode(true));
      fill(copy, item);
      list.append(copy);
    }
  }
  for (const element of root.querySelectorAll("[data-if]")) {
    const value = values[named(element, "if")];
    /** @type {HTMLElement} */ (element).hidden = Array.isArray(value) ? !value[0] : !value;
  }
  for (const element of root.querySelectorAll("[data-put]")) {
    const value = values[named(element, "put")];
    element.textContent = value === undefined ? "" : String(value);
  }
  for (const element of root.querySelectorAll("[data-href]")) {
    element.setAttribute("href", String(values[named(element, "href")] ?? "/"));
  }
}

/**
 * What it asks for; only once, so that what is inside a list is not asked again.
 *
 * @param {Element} element
 * @param {string} kind
 * @returns {string}
 */
function named(element, kind) {
  const name = element.getAttribute(`data-${kind}`) ?? "";
  element.removeAttribute(`data-${kind}`);
  element.classList.add(`put-${name.replaceAll("_", "-")}`);
  return name;
}

/**
 * The words that scripts need, with {n} and other places filled in.
 *
 * @param {string} name as in the data attributes of #words
 * @param {Record<string, string | number>} [places]
 * @returns {string}
 */
export function words(name, places = {}) {
  let text = document.getElementById("words")?.dataset[name] ?? "";
  for (const [place, value] of Object.entries(places)) {
    text = text.replaceAll(`{${place}}`, String(value));
  }
  return text;
}

/**
 * Says what went wrong where the page has its place for it.
 *
 * @param {ParentNode} page
 * @param {string} text
 */
export function complain(page, text) {
  const place = /** @type {HTMLElement | null} */ (page.querySelector("[role=alert]"));
  const room = place?.querySelector("div");
  if (place && room) {
    room.textContent = text;
    place.hidden = text === "";
    if (text) {
      place.scrollIntoView({ block: "center" });
    }
  }
}

/** For `inWords`, where the year goes without saying. @type {Intl.DateTimeFormatOptions} */
export const SHORT = { day: "numeric", month: "short" };

/**
 * @param {string} day as 2026-11-12
 * @param {Intl.DateTimeFormatOptions} [how]
 * @returns {string}
 */
export function inWords(day, how = { day: "numeric", month: "short", year: "numeric" }) {
  return new Intl.DateTimeFormat(document.documentElement.lang, how).format(
    new Date(`${day}T12:00:00`),
  );
}

/**
 * Today where the phone is, as 2026-11-12.
 *
 * @param {Date} [now]
 * @returns {string}
 */
export function today(now = new Date()) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
