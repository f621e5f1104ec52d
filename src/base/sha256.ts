/*
 * SHA-256 (FIPS 180-4) of short texts. Loading `node:crypto` takes longer than hashing some ten thousand characters here.
 */

/** The fractional parts of the square roots of the first 8 primes (5.3.3). */
const START = '6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19';

/** The fractional parts of the cube roots of the first 64 primes (4.2.2). */
const ROUNDS = `428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
  d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
  e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
  983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
  27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
  a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
  19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
  748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`;

const BLOCK_BYTES = 64;

/** In hexadecimal digits. */
export function sha256(bytes: Buffer): string {
  const message = padded(bytes);
  const rounds = wordsOf(ROUNDS);
  const state = wordsOf(START);
  for (let at = 0; at < message.length; at += BLOCK_BYTES)
    addBlock(state, schedule(message.subarray(at, at + BLOCK_BYTES)), rounds);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function wordsOf(text: string): Int32Array {
  return Int32Array.from(text.split(/\s+/), (word) => Number.parseInt(word, 16));
}

/** The message, a bit, zeros, and the number of its bits (5.1.1). */
function padded(bytes: Buffer): Buffer {
  const length = (Math.floor((bytes.length + 8) / BLOCK_BYTES) + 1) * BLOCK_BYTES;
  const message = Buffer.alloc(length);
  bytes.copy(message);
  message.writeUInt8(0x80, bytes.length);
  message.writeBigUInt64BE(BigInt(bytes.length) * 8n, length - 8);
  return message;
}

/** The words of all rounds for a block (6.2.2, step 1). */
function schedule(block: Buffer): Int32Array {
  const words = new Int32Array(64);
  for (let at = 0; at < 16; at++) words[at] = block.readInt32BE(at * 4);
  const word = (at: number) => words[at] ?? 0;
  for (let at = 16; at < 64; at++) {
    const [early, late] = [word(at - 15), word(at - 2)];
    const first = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const second = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    words[at] = word(at - 16) + first + word(at - 7) + second;
  }
  return words;
}

/** Steps 2 to 4 of 6.2.2; the letters are those of the standard. */
function addBlock(state: Int32Array, words: Int32Array, rounds: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < 64; at++) {
    const chosen = (e & f) ^ (~e & g);
    const first =
      (h +
        (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) +
        chosen +
        (rounds[at] ?? 0) +
        (words[at] ?? 0)) |
      0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = (state[index] ?? 0) + word;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
