import type { Progress, ProgressContext } from './progress.ts';
import { plainProgress } from './progress-plain.ts';

export function ttyProgress(context: ProgressContext): Progress {
  return { kind: 'tty', emit: plainProgress(context), close: () => Promise.resolve() };
}
