import type { ApplyEvent } from '../../apply/events.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Paint } from '../../base/paint.ts';
import { jsonProgress } from './json.ts';
import { plainProgress } from './plain.ts';

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

export async function openProgress(kind: ProgressKind, context: ProgressContext): Promise<Progress> {
  switch (kind) {
    case 'tty': {
      // Only here is listr2 loaded: no other way of showing progress needs it.
      const { ttyProgress } = await import('./tty.ts');
      return ttyProgress(context);
    }
    case 'plain':
      return sink(kind, plainProgress(context));
    case 'json':
      return sink(kind, jsonProgress(context));
    case 'quiet':
      // What failed is told by the outcome.
      return sink(kind, () => undefined);
  }
}

function sink(kind: ProgressKind, emit: (event: ApplyEvent) => void): Progress {
  return { kind, emit, close: () => Promise.resolve() };
}
