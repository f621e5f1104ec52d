import type { SecretKeeper } from '../kube/config/secret-keeper.ts';

/** For a plan without secrets. */
export const NO_SECRETS: Pick<SecretKeeper, 'reveal' | 'redact'> = {
  reveal: () => undefined,
  redact: (text) => text,
};
