import type { Host } from './engine.ts';

/** For what nobody looks at: a watcher reports it by itself. */
export const SILENT: Host = {
  emit: () => undefined,
  openApplyView: () => Promise.resolve({ emit: () => undefined, close: () => Promise.resolve() }),
  hideSecrets: () => undefined,
};
