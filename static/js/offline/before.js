// @ts-check
/**
 * What stands of a meeting as far as the phone knows: what was fetched, and over it what waits in
 * the outbox: for the phone that stands already.
 *
 * @typedef {import("./register.js").Before} Before
 * @typedef {import("./caseload.js").Group} Group
 * @typedef {import("./caseload.js").Family} Family
 */

/**
 * @typedef {{ id: string, seq: number, body: { group: string, held_on: string,
 *   base_version: number, head: import("./register.js").Head | null,
 *   marks: Record<string, import("./register.js").Said> } }} Register
 */

/** @param {Before | null | "other" | "differs"} before */
export function versionOf(before) {
  return before !== null && typeof before === "object" ? before.version : 0;
}

/**
 * What stands of that day as far as the phone knows; "other": it stands, and is not on the phone.
 *
 * @param {string} day
 * @param {Group} group
 * @param {Family[]} families
 * @param {Register[]} waiting
 * @returns {Before | null | "other" | "differs"} differs: phones do not agree about it, and who
 *   says what can only be seen with signal
 */
export function beforeOn(day, group, families, waiting) {
  const own = waiting.filter(({ body }) => body.group === group.id && body.held_on === day);
  const latest = group.latest;
  /** @type {Before | null} */
  let before = null;
  if (latest?.held_on === day && families.some((family) => family[6]?.[0] === "not_marked")) {
    return "differs";
  }
  if (latest?.held_on === day) {
    const marks = families.flatMap(([family, , , , , , mark]) =>
      mark ? [/** @type {const} */ ([family, [mark[0], mark[1], "", null]])] : [],
    );
    const { lessons, topic, starts_at, ends_at, place, version } = latest;
    const head = {
      lessons,
      topic,
      starts_at: starts_at ?? "",
      ends_at: ends_at ?? "",
      place,
    };
    before = { version, head, marks: new Map(marks.map(([key, mark]) => [key, [...mark]])) };
  } else if (group.past.some(([held_on]) => held_on === day)) {
    return "other";
  }
  for (const { body: said } of own) {
    const marks = new Map([...(before?.marks ?? []), ...Object.entries(said.marks)]);
    const head = said.head ?? before?.head;
    before = head ? { version: said.base_version, head, marks } : before;
  }
  return before;
}

/**
 * @param {import("../outbox/store.js").Store} store
 * @param {string} owner
 * @returns {Promise<Register[]>} the earliest first
 */
export async function waitingRegisters(store, owner) {
  const items = await store.waiting(owner);
  return items
    .filter((item) => item.kind === "attendance")
    .map((item) => JSON.parse(item.text ?? ""));
}
