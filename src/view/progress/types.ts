import type { ApplyEvent } from '../../apply/events.ts';
import type { Paint } from '../../base/paint.ts';
import type { Clock } from '../../platform/clock.ts';

export type ProgressKind = 'tty' | 'plain' | 'json' | 'quiet';

/** Shows the progress of a plan. */
export interface Progress {
  readonly kind: ProgressKind;
  /** Receives each event. It never fails, and callers do not wait for it. */
  readonly emit: (event: ApplyEvent) => void;
  /** Resolves when everything is drawn and the terminal is restored. */
  readonly close: () => Promise<void>;
}

/** The terminal for progress output. Its size can change, and is 0 if unknown. */
export interface ProgressTerminal {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly rows?: number;
}

export interface ProgressContext {
  readonly terminal: ProgressTerminal;
  readonly paint: Paint;
  /** Also shows internal steps and the output of all commands. */
  readonly verbose: boolean;
  readonly clock: Clock;
}
