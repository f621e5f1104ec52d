import type { ApplyEvent } from '../../apply/events.ts';
import { jsonProgress } from './json.ts';
import { plainProgress } from './plain.ts';
import type { Progress, ProgressContext, ProgressKind } from './types.ts';

export async function openProgress(kind: ProgressKind, context: ProgressContext): Promise<Progress> {
  switch (kind) {
    case 'tty': {
      // listr2 is loaded on demand: only this format needs it.
      const { ttyProgress } = await import('./tty.ts');
      return ttyProgress(context);
    }
    case 'plain':
      return sink(kind, plainProgress(context));
    case 'json':
      return sink(kind, jsonProgress(context));
    case 'quiet':
      // The outcome reports failures.
      return sink(kind, () => undefined);
  }
}

function sink(kind: ProgressKind, emit: (event: ApplyEvent) => void): Progress {
  return { kind, emit, close: () => Promise.resolve() };
}
