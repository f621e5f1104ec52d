import { count, shortId } from '../base/text.ts';
import type { Reason } from './change.ts';
import type { Difference } from './compare/difference.ts';
import { manifestPath } from './compare/manifest-form/path.ts';
import { redact } from './compare/redact.ts';
import { valuePair } from './compare/value-pair.ts';

const OBSTACLES = {
  'podman-forgets': 'before 5.1 podman forgets an update when the container starts again',
  'no-cgroup-control': 'this user has no control over cpu and memory',
  'limit-removed': 'podman cannot take a limit away',
} as const;

/** A reason in words, to stand behind the thing that it is the reason for. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'absent':
      return 'does not exist';
    case 'settings-differ': {
      const fields = count(reason.differences.length, 'field');
      const differ = `${fields} ${reason.differences.length === 1 ? 'differs' : 'differ'}`;
      return reason.notInPlace === undefined
        ? differ
        : `${differ}; not updated in place: ${OBSTACLES[reason.notInPlace]}`;
    }
    case 'image-changed':
      return `${reason.image} is another image now: ${shortId(reason.before)} -> ${shortId(reason.after)}`;
    case 'pod-replaced':
      return 'its pod is replaced';
    case 'init-chain-differs':
      return reason.containers.length === 0
        ? 'the init containers run again'
        : `the init containers run again: ${reason.containers.join(', ')} ${reason.containers.length === 1 ? 'differs' : 'differ'}`;
    case 'not-running':
      return reason.exitCode === undefined
        ? `is not running (${reason.state})`
        : `is not running (exited with code ${reason.exitCode})`;
    case 'pod-restarts':
      return 'starts again, as its pod was down';
    case 'infra-restarted':
      return 'is cut off from its pod: the infra container was restarted after it';
    case 'mount-points-differ':
      return 'other mount points are needed in it';
    case 'init-unfinished':
      return reason.exitCode === undefined ? 'did not finish' : `failed with code ${reason.exitCode}`;
    case 'adopted':
      return 'podpose did not make it, and takes it over';
    case 'force-recreate':
      return 'is made anew because of --force-recreate';
    case 'renamed':
      return `was given the name ${reason.name}`;
    case 'interrupted':
      return 'an earlier run was cut short';
    case 'not-in-files':
      return 'is in none of the files';
    case 'down':
      return 'is taken down';
  }
}

/** A difference on one line: the field, what it was and what it becomes. */
export function describeDifference(difference: Difference): string {
  const { path, before, after } = redact(difference);
  const [was, is] = valuePair(before, after);
  return `${manifestPath(path)}: ${was} -> ${is}`;
}
