import { keyedDigest } from '../../base/digest.ts';
import { redact } from './redaction.ts';

/**
 * Keeps the secret values of a set of manifests. Everything else that knows of a secret knows its fingerprint
 * only: what is never handed on can be in no plan, label, log or message.
 */
export interface SecretKeeper {
  /** Gives the fingerprint that stands for the value from then on. */
  readonly keep: (value: Uint8Array) => string;
  /** The value itself, for the command that has to hand it to podman. */
  readonly reveal: (fingerprint: string) => Uint8Array | undefined;
  /** A text of somebody else's, such as what podman says, with every secret value in it hidden. */
  readonly redact: (text: string) => string;
}

/**
 * @param key is asked for once there is a secret: what makes the fingerprints, so that nobody else can make
 * them
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
