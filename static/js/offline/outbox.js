// @ts-check
/** The outbox: what needs action, what waits, what was sent, and a way out when all else fails. */

import { needsAction, receiptNumber, sending } from "../outbox/commands.js";
import { Sender } from "../outbox/sender.js";
import { filled, words } from "./dom.js";

/** @param {import("../pages/shell.js").Context} context */
export async function open({ store, owner, show }) {
  const draw = async () => {
    const items = await store.list(owner);
    const received = await store.sent(owner);
    const toLook = received.filter((item) => item.toLook);
    const attention = [...items.filter(needsAction), ...toLook];
    const waiting = items.filter((item) => !needsAction(item));
    const sent = received.filter((item) => !item.toLook);
    const { up, down } = await store.phone.used();
    const page = filled("outbox", {
      attention: attention.map(line),
      waiting: waiting.map(line),
      sent: sent.map((item) => ({ ...line(item), why: result(item) })),
      empty: items.length === 0,
      rescue: items.length > 0,
      used: words("used", { n: Math.ceil((up + down) / 1024) }),
    });
    // What a heading is for, and the list under it, go by the same name.
    for (const [name, list] of Object.entries({ attention, waiting, sent })) {
      const section = /** @type {HTMLElement | null} */ (page.querySelector(`.put-${name}`));
      if (section) {
        section.hidden = list.length === 0;
      }
    }
    attention.forEach((item, at) => {
      const away = /** @type {HTMLElement | undefined} */ (
        page.querySelectorAll("[data-act=away]")[at]
      );
      const again = /** @type {HTMLElement | undefined} */ (
        page.querySelectorAll("[data-act=again]")[at]
      );
      const isDone = item.outcome === "refused" || toLook.some(({ id }) => id === item.id);
      if (away && again) {
        // What was answered for good would get the same answer again.
        [away.hidden, again.hidden] = [!isDone, isDone];
        away.addEventListener("click", async () => {
          await (item.outcome === "refused"
            ? store.putAway(owner, item.id)
            : store.looked(owner, item.id));
          await draw();
        });
        again.addEventListener("click", async () => {
          await store.putBack(owner, item.id);
          await new Sender(store, owner).send();
          await draw();
        });
      }
    });
    act(page, "send", async () => {
      await new Sender(store, owner).send();
      await draw();
    });
    act(page, "rescue", () => rescue(items));
    show(page);
  };
  await draw();
  store.listen(({ line }) => line || draw());
}

/**
 * @param {ParentNode} page
 * @param {string} name
 * @param {() => unknown} what
 */
function act(page, name, what) {
  page.querySelector(`[data-act=${name}]`)?.addEventListener("click", what);
}

/** @param {import("../outbox/store.js").Item} item */
function line(item) {
  const about = /** @type {{ what?: string } | null} */ (item.about);
  return {
    what: [words(item.kind), about?.what].filter(Boolean).join(": "),
    why: item.message ?? "",
    when: words("made", { when: moment(item.made_at) }),
    number: words("number", { n: receiptNumber(item.id) }),
  };
}

/** @param {import("../outbox/store.js").Sent} item */
function result(item) {
  return [words("received", { when: moment(item.received_at) }), item.message]
    .filter(Boolean)
    .join(". ");
}

/** @param {string} text */
function moment(text) {
  return new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
  }).format(new Date(text));
}

/** @param {import("../outbox/store.js").Item[]} items */
function rescue(items) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([sending(items)], { type: "application/json" }));
  link.download = "kiriman-pkh.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
