// @ts-check
/** What is shown when something was saved on the phone, and what became of it while it is looked at. */

import { needsAction, receiptNumber } from "../outbox/commands.js";
import { filled, words } from "./dom.js";

/**
 * @param {import("../pages/shell.js").Context} context
 * @param {string} id of what was saved
 * @param {import("./dom.js").Values} values
 * @returns {DocumentFragment}
 */
export function savedPage({ store, owner }, id, values) {
  const page = filled("saved", { ...values, number: receiptNumber(id) });
  const title = /** @type {HTMLElement} */ (page.querySelector("h1"));
  const how = /** @type {HTMLElement} */ (page.querySelector("[role=status] span"));
  const say = (/** @type {"sent" | "notTaken"} */ name) => {
    const text = words(name);
    document.title = document.title.replace(title.textContent ?? "", text);
    title.textContent = text;
    how.textContent = words(`${name}How`);
  };
  const tell = async () => {
    const sent = (await store.sent(owner)).find((each) => each.id === id);
    const left = (await store.list(owner)).find((each) => each.id === id);
    if (sent && sent.outcome !== "refused") {
      say("sent");
    } else if (sent || (left && needsAction(left))) {
      say("notTaken");
    }
  };
  store.listen(({ line }) => line || tell());
  tell(); // it may have gone by now
  return page;
}
