import { isObject, membersOf } from '../base/json-members.ts';
import type { WatchNotice } from '../kubelet/watched.ts';
import type { EnginePlatform } from './engine.ts';
import { fieldPathOf, recentEvents, withEvent, type PodEvent } from './pod-events.ts';

/** The events of a watcher, equal ones as one with a count: what podman's events do not tell. */
export interface EventKeeper {
  readonly add: (notice: WatchNotice) => void;
  /** Those of the last hour. */
  readonly events: () => readonly PodEvent[];
}

/** @param earlier the events of the watcher before */
export function eventKeeper(
  { today }: Pick<EnginePlatform, 'today'>,
  earlier: readonly PodEvent[] = [],
): EventKeeper {
  let kept = earlier;
  return {
    add: (notice) => {
      const now = today() / 1000;
      const event = noticeEvent(notice, now);
      if (event !== undefined) kept = withEvent(kept, event, now);
    },
    events: () => recentEvents(kept, today() / 1000),
  };
}

/**
 * A notice as an event of the kubelet (pkg/kubelet/events/event.go); undefined for those that podman's events tell, and for
 * successes of probes.
 * @param at seconds since 1970
 */
export function noticeEvent(notice: WatchNotice, at: number): PodEvent | undefined {
  const words = wordsOf(notice);
  if (words === undefined) return undefined;
  const { pod, container, role } = notice;
  const [type, reason, message] = words;
  return {
    type,
    reason,
    message,
    pod,
    fieldPath: container === '' ? '' : fieldPathOf(role, container),
    first: at,
    last: at,
    count: 1,
  };
}

function wordsOf({
  kind,
  pod,
  container,
  message = '',
  waitSeconds = 0,
  isForGood,
}: WatchNotice): readonly [PodEvent['type'], string, string] | undefined {
  switch (kind) {
    case 'ended':
      return waitSeconds > 0
        ? ['Warning', 'BackOff', `Back-off restarting failed container ${container} in pod ${pod}`]
        : undefined;
    case 'start-failed':
      return ['Warning', 'Failed', `Error: ${message}`];
    case 'probed':
      return undefined;
    case 'unhealthy':
      return ['Warning', 'Unhealthy', message];
    case 'probe-warning':
      return ['Warning', 'ProbeWarning', message];
    case 'killed':
      return [
        'Normal',
        'Killing',
        `Container ${container} failed a probe${isForGood === true ? '' : ', will be restarted'}: ${message}`,
      ];
    case 'post-start-failed':
      return ['Warning', 'FailedPostStartHook', message];
    case 'deadline-exceeded':
      return ['Normal', 'DeadlineExceeded', message];
    case 'pre-stop-failed':
      return ['Warning', 'FailedPreStopHook', message];
    case 'restarting-all':
    case 'restarted':
      return undefined;
  }
}

/** Decodes the events of a watcher's report. */
export function decodeEvents(value: unknown): readonly PodEvent[] {
  return membersOf(value).filter(
    (one): one is PodEvent =>
      isObject(one) &&
      ['type', 'reason', 'pod', 'fieldPath', 'message'].every((name) => typeof one[name] === 'string') &&
      ['first', 'last', 'count'].every((name) => typeof one[name] === 'number'),
  );
}
