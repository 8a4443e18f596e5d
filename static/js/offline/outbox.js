// @ts-check
/** The outbox: what needs action, what waits, what was sent, and a way out when all else fails. */

import { receiptNumber } from "../outbox/commands.js";
import { Sender } from "../outbox/sender.js";
import { filled, words } from "./dom.js";

/** @param {import("../pages/shell.js").Context} context */
export async function open({ store, owner, show }) {
  const draw = async () => {
    const items = await store.list(owner);
    const attention = items.filter((item) => item.state === "attention" || item.isStuck);
    const waiting = items.filter((item) => !attention.includes(item));
    const sent = await store.sent(owner);
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
      if (away) {
        away.hidden = item.outcome !== "refused";
        away.addEventListener("click", async () => {
          await store.putAway(owner, item.id);
          await draw();
        });
      }
      page.querySelectorAll("[data-act=again]")[at]?.addEventListener("click", async () => {
        await store.putBack(owner, item.id);
        await new Sender(store, owner).send();
        await draw();
      });
    });
    act(page, "send", async () => {
      await new Sender(store, owner).send();
      await draw();
    });
    act(page, "rescue", () => rescue(items));
    show(page);
  };
  await draw();
  store.listen(() => draw());
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
  const text = `{"commands":[${items.map((item) => item.text).join(",")}]}`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "kiriman-pkh.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
