import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/** Why a certificate and a key are of no use together. */
export type KeyPairFault =
  /** Without a PEM block CERTIFICATE. */
  | 'no-certificate'
  /** Without a PEM block PRIVATE KEY. */
  | 'no-key'
  | 'invalid-certificate'
  /** Or encrypted, or of another algorithm than RSA, ECDSA and Ed25519. */
  | 'invalid-key'
  | 'mismatch';

/**
 * Whether programs can use a certificate with a key, both PEM: as Go's tls.X509KeyPair says, whose error an API server gives as
 * a warning. The first certificate and the first key count, whatever the label says of the form of the key.
 */
export function keyPairFault(certificates: string, keys: string): KeyPairFault | undefined {
  const certificate = pemBlock(certificates, (label) => label === 'CERTIFICATE');
  if (certificate === undefined) return 'no-certificate';
  const key = pemBlock(keys, (label) => /^(?:.* )?PRIVATE KEY$/.test(label));
  if (key === undefined) return 'no-key';
  const leaf = attempt(() => new X509Certificate(certificate));
  if (leaf === undefined || !isUsable(attempt(() => leaf.publicKey))) return 'invalid-certificate';
  const decoded = decodeKey(key);
  if (decoded === undefined || !isUsable(decoded)) return 'invalid-key';
  return leaf.checkPrivateKey(decoded) ? undefined : 'mismatch';
}

/** RFC 7468, with the headers of RFC 1421. */
function pemBlock(text: string, isWanted: (label: string) => boolean): Buffer | undefined {
  let label: string | undefined;
  let body: string[] = [];
  for (const line of text.split(/\r?\n/).map((part) => part.trimEnd())) {
    const begin = /^-----BEGIN (.*)-----$/.exec(line)?.[1];
    if (begin !== undefined) [label, body] = [begin, []];
    else if (label !== undefined && line === `-----END ${label}-----`) {
      const base64 = body.join('');
      if (isWanted(label) && base64 !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(base64))
        return Buffer.from(base64, 'base64');
      label = undefined;
    } else if (!line.includes(':')) body.push(line.trim());
  }
  return undefined;
}

function decodeKey(key: Buffer): KeyObject | undefined {
  for (const type of ['pkcs1', 'pkcs8', 'sec1'] as const) {
    const decoded = attempt(() => createPrivateKey({ key, format: 'der', type }));
    if (decoded !== undefined) return decoded;
  }
  return undefined;
}

/** The curves that Go knows, in the names of OpenSSL. */
const CURVES: readonly (string | undefined)[] = ['secp224r1', 'prime256v1', 'secp384r1', 'secp521r1'];

function isUsable(key: KeyObject | undefined): boolean {
  const type = key?.asymmetricKeyType;
  if (type === 'ec') return CURVES.includes(key?.asymmetricKeyDetails?.namedCurve);
  return type === 'rsa' || type === 'ed25519';
}

/** OpenSSL throws for what it cannot read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
