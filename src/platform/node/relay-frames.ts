/*
 * The protocol between podpose and its relay, a process that makes TCP connections in another network namespace. Both
 * directions are frames of binary data: the number of the connection (4 bytes), the kind (1), the length of the rest (4).
 */

export interface Frame {
  readonly id: number;
  /**
   * To the relay: `o` opens a connection to `IP PORT`, `d` sends data, `x` closes. From it: `c` connected, `d` data
   * received, `e` closed by the other side, `f` failed, with the name of the error such as `ECONNREFUSED`.
   */
  readonly kind: 'o' | 'd' | 'x' | 'c' | 'e' | 'f';
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 9;

export function encodeFrame({ id, kind, payload }: Frame): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(id, 0);
  header.write(kind, 4, 'latin1');
  header.writeUInt32BE(payload.length, 5);
  return Buffer.concat([header, payload]);
}

/** Returns a function that takes the next bytes and passes on each frame that is complete. */
export function frameReader(onFrame: (frame: Frame) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(5);
      if (rest.length < end) return;
      const kind = rest.toString('latin1', 4, 5);
      if (isKind(kind))
        onFrame({ id: rest.readUInt32BE(0), kind, payload: rest.subarray(HEADER_BYTES, end) });
      rest = rest.subarray(end);
    }
  };
}

function isKind(text: string): text is Frame['kind'] {
  return ['o', 'd', 'x', 'c', 'e', 'f'].includes(text);
}
