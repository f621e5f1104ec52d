import type { Operation } from '../podman/operations/operation.ts';

/**
 * The kinds of steps as the JSON formats name them. Programs rely on these names, and so they stay when an operation is
 * renamed inside podpose.
 */
const PUBLISHED: Partial<Record<Operation['kind'], string>> = {
  'mount-volume': 'hold-volume',
  'set-volume-mode': 'open-volumes',
  'set-volume-ownership': 'give-to-group',
  'verify-running': 'see-running',
  'create-container-record': 'create-note',
  'create-files-record': 'create-files-note',
  'finish-files-record': 'settle-files-note',
};

export function publishedKind({ kind }: Operation): string {
  return PUBLISHED[kind] ?? kind;
}
