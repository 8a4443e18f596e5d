import assert from "node:assert/strict";
import { test } from "node:test";

import {
  longId,
  MOST_BYTES,
  MOST_COMMANDS,
  makeCommand,
  moment,
  nextBatch,
  receiptNumber,
  sending,
  shortId,
  weight,
  withoutNotes,
} from "../../static/js/outbox/commands.js";

const OWNER = "8e7b1a52-1f0c-4f58-9f0e-0c5a2a3f6b11";
const DEVICE = "1c1e5f0a-7d64-4a0e-a1b7-0f6f4f1d2c3b";
const SAID = { owner: OWNER, kind: "observation", device: DEVICE, seq: 3 };

test("a command has what the server asks for, and nothing else", () => {
  const command = makeCommand({ ...SAID, body: { note: "" } });
  const names = ["body", "device", "id", "kind", "made_at", "owner", "seq"];
  assert.deepEqual(Object.keys(command).sort(), names);
  assert.match(command.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(command.made_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
});

test("what is changed afterwards does not change a command", () => {
  const body = { marks: { a: ["present", null, "", ""] } };
  const command = makeCommand({ ...SAID, kind: "attendance", body });
  body.marks.a[0] = "absent";
  assert.equal(command.body.marks.a[0], "present");
  assert.throws(() => command.body.marks.a.push("x"), TypeError);
  assert.throws(() => {
    command.body.marks = {};
  }, TypeError);
});

const MOMENTS = [
  [480, "2026-11-12T12:00:00+08:00"],
  [0, "2026-11-12T04:00:00+00:00"],
  [-0, "2026-11-12T04:00:00+00:00"],
  [345, "2026-11-12T09:45:00+05:45"],
  [-210, "2026-11-12T00:30:00-03:30"],
  [-600, "2026-11-11T18:00:00-10:00"],
];

for (const [minutes, written] of MOMENTS) {
  test(`${written} is the same moment in its own zone`, () => {
    const now = new Date("2026-11-12T04:00:00Z");
    assert.equal(moment(now, minutes), written);
    assert.equal(Date.parse(written), now.getTime());
  });
}

test("an id in 22 letters is the same id", () => {
  assert.equal(shortId("00000000-0000-0000-0000-000000000000"), "A".repeat(22));
  assert.equal(shortId("ffffffff-ffff-ffff-ffff-ffffffffffff"), `${"_".repeat(21)}w`);
  for (let round = 0; round < 200; round += 1) {
    const id = crypto.randomUUID();
    assert.match(shortId(id), /^[\w-]{22}$/);
    assert.equal(longId(shortId(id)), id);
  }
});

for (const broken of ["", "x", OWNER.toUpperCase(), `${OWNER}0`, OWNER.replaceAll("-", "")]) {
  test(`"${broken}" is no id`, () => assert.throws(() => shortId(broken), TypeError));
}

for (const broken of ["", "A".repeat(21), `${"A".repeat(21)}B`, `${"A".repeat(21)}=`]) {
  test(`"${broken}" is no short id`, () => assert.throws(() => longId(broken), TypeError));
}

test("a receipt has a number to read aloud", () => {
  assert.equal(receiptNumber("3f2a91bc-0000-4000-8000-000000000000"), "3F2A-91BC");
});

test("letters beyond ASCII weigh what they weigh on the line", () => {
  assert.equal(weight("Rp é 🙂"), 10);
});

const item = (seq, bytes = 100, later = 0) => ({ seq, bytes, later });
const seqs = (batch) => batch.map((each) => each.seq);

test("a batch holds the oldest, in order, and no more than fifty", () => {
  const items = Array.from({ length: 120 }, (_, index) => item(120 - index));
  const first = nextBatch(items);
  assert.equal(first.length, MOST_COMMANDS);
  assert.deepEqual(seqs(first).slice(0, 3), [1, 2, 3]);
  assert.deepEqual(seqs(nextBatch(items, 2)), [1, 2]);
  assert.deepEqual(nextBatch([]), []);
});

test("a batch stays below its bytes, and what is larger by itself goes alone", () => {
  const third = Math.floor(MOST_BYTES / 3);
  assert.deepEqual(seqs(nextBatch([1, 2, 3, 4].map((seq) => item(seq, third)))), [1, 2]);
  assert.deepEqual(seqs(nextBatch([item(1, MOST_BYTES * 2), item(2)])), [1]);
  assert.deepEqual(seqs(nextBatch([item(1), item(2, MOST_BYTES * 2), item(3)])), [1]);
});

test("what failed by itself goes after the others and not with them", () => {
  const items = [item(1, 100, 2), item(2), item(3, 100, 1), item(4)];
  assert.deepEqual(seqs(nextBatch(items, 1)), [2]);
  assert.deepEqual(seqs(nextBatch(items)), [2, 4]);
  assert.deepEqual(seqs(nextBatch([items[0], items[2]])), [3]);
  assert.deepEqual(seqs(nextBatch([items[0]])), [1]);
});

test("what is handed over is commands to the letter, and the proofs of those offered again", () => {
  const items = [
    { id: "a", text: '{"id":"a"}' },
    { id: "b", text: '{"id":"b","x":1}', details: { proof: "3~2~sent", version: 3 } },
    { id: "c", text: '{"id":"c"}', details: { version: 3 } },
  ];
  assert.equal(
    sending(items),
    '{"commands":[{"id":"a"},{"id":"b","x":1},{"id":"c"}],"again":{"b":"3~2~sent"}}',
  );
});

test("what stays of a register that was sent has no note in clear, and no other letter is changed", () => {
  const body = (note) => ({ group: "g", marks: { k: ["sick", null, "b", note], l: ["present", null, "", null] } });
  const text = (note) => JSON.stringify(makeCommand({ ...SAID, kind: "attendance", body: body(note) }, { id: "x", now: new Date(0) }));
  assert.equal(withoutNotes(text("rawat inap")), text(null));
  for (const same of [text(""), text(null), JSON.stringify(makeCommand({ ...SAID, body: { sealed: { data: "e30" } } }))]) {
    assert.equal(withoutNotes(same), same);
  }
});

test("photos go alone, after all that is written", () => {
  const photo = (seq, later = 0) => ({ seq, later, bytes: 9, head: "{}" });
  const written = (seq, later = 0) => ({ seq, later, bytes: 9 });
  const seqs = (...items) => nextBatch(items).map((each) => each.seq);
  assert.deepEqual(seqs(photo(1), written(2), written(3)), [2, 3]);
  assert.deepEqual(seqs(photo(1), written(2, 12)), [2]);
  assert.deepEqual(seqs(photo(2), photo(1)), [1]);
  assert.deepEqual(seqs(photo(1, 3), photo(2)), [1]);
});
