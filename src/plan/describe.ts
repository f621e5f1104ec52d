import { isObject } from '../base/json-members.ts';
import type { FieldPath } from '../base/path.ts';
import type { Json } from '../base/stable-json.ts';
import { count, shortId } from '../base/text.ts';
import type { Reason } from './change.ts';
import type { Difference } from './compare/difference.ts';
import { manifestPath } from './compare/manifest-form/path.ts';
import { redact } from './compare/redact.ts';
import { valuePair } from './compare/value-pair.ts';

const OBSTACLES = {
  'podman-forgets': 'podman before 5.1 loses an update when the container restarts',
  'no-cgroup-control': 'no cgroup delegation of cpu and memory for this user',
  'limit-removed': 'podman cannot remove a limit',
} as const;

/** A reason as text, to follow its subject. */
export function describeReason(reason: Reason): string {
  switch (reason.kind) {
    case 'absent':
      return 'will be created';
    case 'settings-differ': {
      const changed = `${count(reason.differences.length, 'field')} changed`;
      return reason.notInPlace === undefined
        ? changed
        : `${changed}; cannot update in place: ${OBSTACLES[reason.notInPlace]}`;
    }
    case 'image-changed':
      return `image ${reason.image} changed: ${shortId(reason.before)} -> ${shortId(reason.after)}`;
    case 'pod-replaced':
      return 'its pod is recreated';
    case 'init-chain-differs':
      return reason.containers.length === 0
        ? 'init containers re-run'
        : `init containers re-run because ${reason.containers.join(', ')} changed`;
    case 'not-running':
      return reason.exitCode === undefined
        ? `not running (${reason.state})`
        : `not running (exit code ${reason.exitCode})`;
    case 'pod-restarts':
      return 'restarts because its pod was stopped';
    case 'infra-restarted':
      return 'restarted with the infra container';
    case 'mount-points-differ':
      return 'mount points changed';
    case 'init-unfinished':
      return reason.exitCode === undefined ? 'did not complete' : `failed (exit code ${reason.exitCode})`;
    case 'crash-looping': {
      const restarts = count(reason.restarts, 'restart');
      return reason.restartPolicy === 'OnFailure'
        ? `failed and is being retried (${restarts})`
        : `crash-looping (${restarts})`;
    }
    case 'not-ready':
      return `not ready (${reason.probe})`;
    case 'job-failed':
      return `failed: ${reason.end.message} (${reason.end.reason})`;
    case 'adopted':
      return 'adopted: not created by podpose';
    case 'force-recreate':
      return 'recreated because of --force-recreate';
    case 'renamed':
      return `was renamed to ${reason.name}`;
    case 'interrupted':
      return 'an earlier run was interrupted';
    case 'replicas-reduced':
      return `replicas reduced to ${reason.replicas}`;
    case 'job-reduced':
      return 'the Job no longer needs this pod';
    case 'template-changed':
      return reason.differences.length === 0
        ? 'template changed'
        : `template changed: ${count(reason.differences.length, 'field')}`;
    case 'not-in-files':
      return 'not in the given files';
    case 'endpoints-differ':
      return 'its endpoints changed';
    case 'unused':
      return 'no pod uses it any more';
    case 'requested':
      return 'by request';
    case 'down':
      return 'will be removed';
  }
}

/** A member of a list without the name by which the path has it, unless that is all. */
function withoutName(member: Json | undefined, path: FieldPath): Json | undefined {
  if (!isObject(member)) return member;
  const key = 'mountPath' in member ? 'mountPath' : 'name';
  const { [key]: name, ...rest } = member;
  return name === path.at(-1) && Object.keys(rest).length > 0 ? rest : member;
}

/** A difference on one line: `FIELD: BEFORE -> AFTER`. */
export function describeDifference(difference: Difference): string {
  const { path, before, after } = redact(difference);
  const [was, is] = valuePair(withoutName(before, path), withoutName(after, path));
  return `${manifestPath(path)}: ${was} -> ${is}`;
}
