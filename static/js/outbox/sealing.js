// @ts-check
/**
 * Seals what is recorded without signal to the server's key: whoever finds the phone cannot read
 * it, and neither can the phone. A correction is another command.
 */

import { fromLetters, toLetters } from "./commands.js";

/**
 * @typedef {{ id: string, spki: string }} ServerKey RSA of the server, in Base64
 * @typedef {{ sealed: { key: string, wrapped: string, nonce: string, data: string } }} SealedBody
 *   key: id of the server's key; wrapped: the key of this body, by RSA-OAEP with SHA-256; data:
 *   the body as JSON and its tag, by AES-256-GCM, bound to its owner and command
 */

/**
 * @param {Record<string, unknown>} body
 * @param {{ owner: string, id: string }} command whose body it will be, and nobody else's
 * @param {ServerKey} serverKey
 * @returns {Promise<SealedBody>}
 */
export async function seal(body, command, serverKey) {
  const plain = new TextEncoder().encode(JSON.stringify(body));
  const { data, ...rest } = await sealBytes(plain, command, serverKey);
  return { sealed: { ...rest, data: toLetters(data) } };
}

/**
 * @param {BufferSource} plain
 * @param {{ owner: string, id: string }} command that they belong to
 * @param {ServerKey} serverKey
 * @returns {Promise<{ key: string, wrapped: string, nonce: string, data: Uint8Array<ArrayBuffer> }>}
 */
export async function sealBytes(plain, { owner, id }, serverKey) {
  const oaep = { name: "RSA-OAEP", hash: "SHA-256" };
  const [ofServer, secret] = await Promise.all([
    crypto.subtle.importKey("spki", fromLetters(serverKey.spki), oaep, false, ["wrapKey"]),
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]),
  ]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(`${owner}|${id}`);
  const [wrapped, data] = await Promise.all([
    crypto.subtle.wrapKey("raw", secret, ofServer, "RSA-OAEP"),
    crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData }, secret, plain),
  ]);
  return {
    key: serverKey.id,
    wrapped: toLetters(new Uint8Array(wrapped)),
    nonce: toLetters(nonce),
    data: new Uint8Array(data),
  };
}
