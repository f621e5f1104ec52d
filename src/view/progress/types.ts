import type { ApplyEvent } from '../../apply/events.ts';
import type { Paint } from '../../base/paint.ts';
import type { Clock } from '../../platform/clock.ts';

export type ProgressKind = 'tty' | 'plain' | 'json' | 'quiet';

/** Shows what happens while a plan is carried out. */
export interface Progress {
  readonly kind: ProgressKind;
  /** Takes each event as it happens. It never fails, and nothing waits for it. */
  readonly emit: (event: ApplyEvent) => void;
  /** Resolves when all has been drawn and the terminal is as it was before. */
  readonly close: () => Promise<void>;
}

/** Where progress is shown. Its size may change at any time, and is 0 where it does not tell. */
export interface ProgressTerminal {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly rows?: number;
}

export interface ProgressContext {
  readonly terminal: ProgressTerminal;
  readonly paint: Paint;
  /** Shows the small steps too, and what their commands print. */
  readonly verbose: boolean;
  readonly clock: Clock;
}
