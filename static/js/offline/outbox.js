// @ts-check
/** The outbox: what needs action, what waits, what was sent, and a way out when all else fails. */

import { needsAction, receiptNumber, sending } from "../outbox/commands.js";
import { Sender } from "../outbox/sender.js";
import { filled, words } from "./dom.js";

/** @typedef {import("../pages/shell.js").Context} Context */

/** @param {Context} context */
export async function open(context) {
  const { store, owner } = context;
  const refused = (await store.list(owner)).find(
    ({ id, outcome }) => location.search === `?${id}` && outcome === "refused",
  );
  await (refused ? mend(context, refused) : list(context));
}

/**
 * What was refused is said anew on the page that it was said on.
 *
 * @param {Context} context
 * @param {import("../outbox/store.js").Item} item
 */
async function mend(context, item) {
  const { body } = JSON.parse(item.text ?? "");
  const page = await import(`./${item.kind === "attendance" ? "sheet" : item.kind}.js`);
  await page.open({ ...context, id: body.group ?? Object(item.about).family, mend: item });
  const form = document.querySelector("main form") !== null;
  /** @type {string[]} */
  const fields = Object(item.details).fields ?? [];
  const sealed = item.kind === "attendance" ? "mendRegister" : "mendSealed";
  const how = words(fields.some((name) => name.endsWith("_on")) ? "mendDay" : sealed);
  const why = filled("refused", { ...line(item, context.words), form, how });
  document.querySelector("main .back")?.after(why);
}

/** @param {Context} context */
async function list({ store, owner, show, words: known }) {
  let said = "";
  const draw = async () => {
    const items = await store.list(owner);
    const received = await store.sent(owner);
    const toLook = received.filter((item) => item.toLook);
    const attention = [...items.filter(needsAction), ...toLook];
    const waiting = items.filter((item) => !needsAction(item));
    const seen = received.filter((item) => !item.toLook);
    const closed = seen.filter(({ outcome }) => outcome === "refused");
    const sent = seen.filter(({ outcome }) => outcome !== "refused");
    const others = await store.others(owner);
    const { up, down } = await store.phone.used();
    const lines = (/** @type {typeof items} */ some) => some.map((item) => line(item, known));
    const page = filled("outbox", {
      attention: lines(attention),
      waiting: lines(waiting),
      sent: lines(sent),
      closed: lines(closed),
      said,
      empty: items.length + others === 0,
      own_empty: items.length === 0 && others > 0,
      others: others > 0 && words("others", { n: others }),
      rescue: items.some(({ text }) => text),
      photos: waiting.some(({ head }) => head),
      used: words("used", { n: Math.ceil((up + down) / 1024) }),
    });
    const sender = new Sender(store, owner);
    const send = async () => {
      const { line } = await sender.send();
      const isAway = line === "retry" || line === "portal";
      const away = navigator.onLine ? "tryLater" : "noSignal";
      said = words(isAway ? away : line === "ok" ? "sending" : "");
    };
    const dialog = /** @type {HTMLDialogElement} */ (page.querySelector("dialog"));
    /** @type {Record<string, (item: any) => unknown>} */
    const acts = {
      away: ({ id, outcome }) =>
        outcome === "refused" ? store.putAway(owner, id) : store.looked(owner, id),
      discard: async ({ id }) => (await agreed(dialog)) && store.putAway(owner, id),
      again: ({ id }) => store.putBack(owner, id).then(send),
      send,
      rescue: () => rescue(items),
    };
    for (const [name, what] of Object.entries(acts)) {
      page.querySelectorAll(`[data-act=${name}]`).forEach((button, at) => {
        button.addEventListener("click", async () => {
          await what(attention[at]);
          await draw();
        });
      });
    }
    show(page);
    if (said) {
      document.querySelector(".put-said")?.scrollIntoView({ block: "center" });
    }
  };
  await draw();
  store.listen(({ line }) => {
    if (!line) {
      said = "";
      draw();
    }
  });
}

/**
 * What a thumb presses by mistake is asked once more.
 *
 * @param {HTMLDialogElement} dialog with a form of the method "dialog"
 * @returns {Promise<boolean>}
 */
function agreed(dialog) {
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/**
 * @param {import("../outbox/store.js").Item & { replacedBy?: string }} item
 * @param {import("../pages/shell.js").Words} known
 */
function line(item, known) {
  const { kind, outcome = "", received_at, message, code, replacedBy } = item;
  const { what, family, of } = Object(item.about);
  const isRegister = kind === "attendance";
  const isRefused = outcome === "refused" && item.state === "attention";
  // Its bytes have gone with the answer: it is only added once more, where its meeting is.
  const isLost = kind === "photo" && isRefused;
  const group = isLost && String(of ?? "").slice(0, 36);
  const when = moment(received_at ?? item.made_at);
  return {
    what: [known.kinds[kind], what].filter(Boolean).join(": "),
    why: [known.outcomes[outcome], received_at && when, message || code]
      .filter(Boolean)
      .join(" · "),
    when: words("made", { when }),
    number: words("number", { n: receiptNumber(item.id) }),
    // What was answered for good would get the same answer again.
    again: !received_at,
    away: received_at && !isLost,
    discard: isLost,
    advice: isLost,
    replaced: replacedBy && words("replaced", { n: receiptNumber(replacedBy) }),
    mend: isRefused && (isRegister || family || group),
    act: words(group ? "toGroup" : isRegister ? "mend" : "anew"),
    at: group ? `/groups/${group}` : `/outbox?${item.id}`,
  };
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
