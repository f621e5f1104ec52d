import type { Outcome } from '../apply/events.ts';
import type { Failure } from '../engine/failure.ts';

/** Exit codes of podpose. */
export const EXIT = {
  done: 0,
  /** Something failed. */
  failed: 1,
  /** The command line or a manifest is wrong; no changes were made. */
  usage: 2,
  interrupted: 130,
} as const;

export type ExitCode = number;

/** Maps the result of a use case to an exit code. The only place that does. */
export function exitCodeOf(kind: Failure['kind'] | Outcome['status']): ExitCode {
  switch (kind) {
    case 'done':
      return EXIT.done;
    case 'usage':
      return EXIT.usage;
    case 'interrupted':
      return EXIT.interrupted;
    case 'failed':
    case 'timeout':
      return EXIT.failed;
  }
}
