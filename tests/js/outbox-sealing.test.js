import assert from "node:assert/strict";
import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { test } from "node:test";

import { seal, sealBytes } from "../../static/js/outbox/sealing.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
const KEY = {
  id: "k1",
  spki: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
};
const OWNER = "8e7b1a52-1f0c-4f58-9f0e-0c5a2a3f6b11";
const ID = "3f2a91bc-0000-4000-8000-000000000000";
const BODY = { household: ID, income_per_month: 1_234_500, note: 'Warung "Bu Siti" 🙂' };

/** By node's other cryptography, as a server would. */
function unsealed({ sealed }, aad, encoding) {
  const key = privateDecrypt(
    { key: privateKey, oaepHash: "sha256", padding: constants.RSA_PKCS1_OAEP_PADDING },
    Buffer.from(sealed.wrapped, "base64url"),
  );
  assert.equal(key.length, 32);
  const data = Buffer.from(sealed.data, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(sealed.nonce, "base64url"));
  decipher.setAAD(Buffer.from(aad, "utf8"));
  decipher.setAuthTag(data.subarray(-16));
  return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString(encoding);
}

test("the server opens what was sealed to it", async () => {
  const body = await seal(BODY, { owner: OWNER, id: ID }, KEY);
  assert.deepEqual(Object.keys(body), ["sealed"]);
  assert.deepEqual(Object.keys(body.sealed).sort(), ["data", "key", "nonce", "wrapped"]);
  assert.equal(body.sealed.key, "k1");
  assert.equal(Buffer.from(body.sealed.nonce, "base64url").length, 12);
  assert.equal(Buffer.from(body.sealed.wrapped, "base64url").length, 384);
  for (const value of Object.values(body.sealed)) {
    assert.match(value, /^[\w-]+$/);
  }
  assert.deepEqual(JSON.parse(unsealed(body, `${OWNER}|${ID}`)), BODY);
});

test("a key in the other spelling of Base64 is the same key", async () => {
  const spki = Buffer.from(KEY.spki, "base64").toString("base64url");
  const body = await seal(BODY, { owner: OWNER, id: ID }, { id: "k1", spki });
  assert.deepEqual(JSON.parse(unsealed(body, `${OWNER}|${ID}`)), BODY);
});

test("it opens for its owner and its command only", async () => {
  const body = await seal(BODY, { owner: OWNER, id: ID }, KEY);
  assert.throws(() => unsealed(body, `${ID}|${ID}`));
  assert.throws(() => unsealed(body, `${OWNER}|${OWNER}`));
});

test("the same words are sealed differently each time, and none of them shows", async () => {
  const first = await seal(BODY, { owner: OWNER, id: ID }, KEY);
  const second = await seal(BODY, { owner: OWNER, id: ID }, KEY);
  for (const name of ["wrapped", "nonce", "data"]) {
    assert.notEqual(first.sealed[name], second.sealed[name]);
  }
  assert.ok(!JSON.stringify(first).includes("1234500"));
});

test("a key that is none seals nothing", async () => {
  await assert.rejects(seal(BODY, { owner: OWNER, id: ID }, { id: "k1", spki: "AAAA" }));
});

test("bytes are sealed as they are, and stay bytes", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at % 256);
  const { data, ...seal } = await sealBytes(bytes, { owner: OWNER, id: ID }, KEY);
  assert.ok(data instanceof Uint8Array);
  assert.equal(data.length, 1016);
  const opened = unsealed(
    { sealed: { ...seal, data: Buffer.from(data).toString("base64url") } },
    `${OWNER}|${ID}`,
    "latin1",
  );
  assert.deepEqual(Uint8Array.from(Buffer.from(opened, "latin1")), bytes);
});
