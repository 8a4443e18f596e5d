// @ts-check
/** What becomes of the items of an outbox after a sending, within one transaction. */

import { receiptNumber, withoutNotes } from "./commands.js";
import { asked } from "./database.js";

/**
 * @typedef {import("./commands.js").Item} Item
 * @typedef {{ serverTime?: string, epoch?: string, isSlim?: boolean }} How
 *   epoch: of the server; slim: of what was sent the receipt alone
 */

const KEPT = 30 * 24 * 60 * 60_000;

/**
 * Receipts that are old by the server's clock go: the phone's own may be wrong by years. What has
 * a receipt of another epoch waits anew: the server was put back to a backup and may not have it.
 *
 * @param {IDBTransaction} tx
 * @param {string} owner
 * @param {readonly import("./answers.js").Verdict[]} verdicts
 * @param {How} how
 * @returns {Promise<boolean>} whether somebody should hear of it
 */
export async function settled(tx, owner, verdicts, { serverTime = "", epoch, isSlim = false }) {
  let isChanged = false;
  const commands = tx.objectStore("commands");
  const sent = tx.objectStore("sent");
  for (const verdict of verdicts) {
    /** @type {Item | undefined} */
    const item = await asked(commands.get(verdict.id));
    if (item?.owner !== owner) {
      continue;
    }
    const { becomes, receivedAt, toLook = false, ...known } = verdict;
    if (item.head && receivedAt) {
      // The server has it, or has refused it for good; nobody can open it here.
      tx.objectStore("photos").delete(item.id);
    }
    if (becomes === "sent" && receivedAt) {
      const receipt = { ...known, receipt: receiptNumber(item.id), received_at: receivedAt };
      const { id, seq, kind, made_at, bytes } = item;
      const about = isSlim ? null : item.about;
      // Should the server lose it; a phone that is lost tells no words. A photo's bytes are gone.
      const text = isSlim || !item.text ? "" : withoutNotes(item.text);
      const kept = { id, owner, seq, kind, made_at, bytes, about, text, epoch };
      sent.put({ ...kept, ...receipt, toLook, state: "sent" });
      commands.delete(item.id);
      isChanged = true;
    } else if (becomes === "attention") {
      commands.put({ ...item, ...known, received_at: receivedAt, state: "attention" });
      isChanged = true;
    } else if (becomes === "keep" && verdict.code) {
      commands.put({ ...item, ...known });
      isChanged ||= known.isStuck === true && !item.isStuck;
    }
  }
  const oldest = Date.parse(serverTime) - KEPT;
  for (const each of await asked(sent.index("owner").getAll(owner))) {
    const isLost = epoch !== undefined && each.epoch !== epoch;
    if (isLost && each.text && each.outcome !== "refused") {
      commands.put({ ...each, state: "waiting", later: 0 });
      sent.delete(each.id);
      isChanged = true;
    } else if (Date.parse(each.received_at) < oldest) {
      sent.delete(each.id);
    }
  }
  return isChanged;
}
