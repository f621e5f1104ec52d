import { abortController, firstOf } from '../base/abort.ts';
import type { Clock } from '../platform/clock.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { followEvents } from '../podman/client/queries.ts';
import { decodeEvent } from '../podman/inspect/container-events.ts';
import { LABEL } from '../podman/labels.ts';

/** The time until a stream that has ended is opened again. */
const REOPEN_MILLISECONDS = 1000;
/** The time within which podman reports a change of a container. */
const EVENT_MILLISECONDS = 1500;

export interface EventStreamOptions {
  readonly project: string;
  readonly clock: Clock;
  readonly ending: AbortSignal;
  readonly podman: () => PodmanClient;
  /** Has the client use podman's service again after it was lost. */
  readonly renew: () => Promise<void>;
  readonly onEvent: (id: string) => void;
  /** After a time of which events may be missing. */
  readonly onReopened: () => void;
}

export interface EventStream {
  /** Follows the events until the signal. */
  readonly run: () => Promise<void>;
  /** A container has changed: an event is due. */
  readonly expect: (id: string) => void;
  /** Whether the last event that was expected has arrived. */
  readonly arrive: () => boolean;
}

/**
 * Follows podman's events of the containers of a project. A stream that misses an event is opened again: podman 5.4.2 with
 * journald may open one that never reports anything.
 */
export function eventStream({
  project,
  clock,
  ending,
  podman,
  renew,
  onEvent,
  onReopened,
}: EventStreamOptions): EventStream {
  /** When each container had its last event. */
  const heardAt = new Map<string, number>();
  const expected = new Set<string>();
  let current = abortController();
  let arrive = true;

  const onLine = (line: string) => {
    const event = decodeEvent(line);
    if (event === undefined) return;
    heardAt.set(event.id, clock.now());
    expected.delete(event.id);
    arrive = true;
    onEvent(event.id);
  };

  const follow = async (stream: AbortSignal) => {
    const { signal, release } = firstOf(ending, stream);
    await podman().follow(followEvents(`${LABEL.project}=${project}`), onLine, signal);
    release();
    if (stream.aborted) return;
    await clock.sleep(REOPEN_MILLISECONDS, ending);
    await renew();
  };

  const awaitEvent = async (id: string, stream: AbortController) => {
    const { signal, release } = firstOf(ending, stream.signal);
    await clock.sleep(EVENT_MILLISECONDS, signal);
    release();
    if (!expected.delete(id) || signal.aborted) return;
    arrive = false;
    stream.abort();
  };

  return {
    run: async () => {
      while (!ending.aborted) {
        current = abortController();
        await follow(current.signal);
        onReopened();
      }
    },
    expect: (id) => {
      const isKnown = clock.now() - (heardAt.get(id) ?? -Infinity) < EVENT_MILLISECONDS;
      if (isKnown || expected.has(id)) return;
      expected.add(id);
      void awaitEvent(id, current);
    },
    arrive: () => arrive,
  };
}
