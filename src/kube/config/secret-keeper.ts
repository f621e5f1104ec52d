import { keyedDigest } from '../../base/digest.ts';
import { redact } from './redaction.ts';

/**
 * Keeps the secret values of a set of manifests. All other code has only their fingerprints, so that no plan, label,
 * log or message can contain a value.
 */
export interface SecretKeeper {
  /** Stores a value and returns its fingerprint. */
  readonly keep: (value: Uint8Array) => string;
  /** The value of a fingerprint, for the input of a podman command; undefined for an unknown fingerprint. */
  readonly reveal: (fingerprint: string) => Uint8Array | undefined;
  /** Replaces every stored value in foreign text, such as output of podman. */
  readonly redact: (text: string) => string;
}

/**
 * @param key the HMAC key of the fingerprints, called with the first secret. Without the key nobody can test a guess
 * of a value against a fingerprint.
 */
export function secretKeeper(key: () => string): SecretKeeper {
  const values = new Map<string, Uint8Array>();
  let known: string | undefined;
  return {
    keep: (value) => {
      known ??= key();
      const fingerprint = keyedDigest(known, value);
      values.set(fingerprint, value);
      return fingerprint;
    },
    reveal: (fingerprint) => values.get(fingerprint),
    redact: (text) => redact(text, values.values()),
  };
}
