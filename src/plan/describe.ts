import { formatPath } from '../base/path.ts';
import type { Json } from '../base/stable-json.ts';
import type { Reason } from './change.ts';
import type { Difference } from './difference.ts';

/** A reason in words, to stand behind the thing that it is the reason for. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'absent':
      return 'does not exist';
    case 'settings-differ':
      return `${count(reason.differences.length, 'field')} ${reason.differences.length === 1 ? 'differs' : 'differ'}`;
    case 'containers-differ':
      return `its containers differ: ${reason.containers.join(', ')}`;
    case 'pod-replaced':
      return 'its pod is replaced';
    case 'not-running':
      return reason.exitCode === undefined
        ? `is not running (${reason.state})`
        : `is not running (exited with code ${reason.exitCode})`;
    case 'pod-restarts':
      return 'runs again, as its pod was down';
    case 'init-unfinished':
      return reason.exitCode === undefined
        ? 'did not finish'
        : `failed with code ${reason.exitCode}`;
    case 'force-recreate':
      return 'is made anew because of --force-recreate';
    case 'orphan':
      return 'is in no file of the project';
    case 'down':
      return 'is taken down';
  }
}

/** A difference on one line: the field, what it was and what it becomes. */
export function describeDifference({ path, before, after }: Difference): string {
  return `${formatPath(path)}: ${value(before)} -> ${value(after)}`;
}

const LONGEST_VALUE = 100;

function value(json: Json | undefined): string {
  if (json === undefined) return '(none)';
  const text = typeof json === 'string' && /^[\w./:@-]+$/.test(json) ? json : JSON.stringify(json);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** `1 pod`, `2 pods`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
