import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LifecycleHook } from '../../src/kube/spec/probe.ts';
import type { HookRunner } from '../../src/kubelet/hooks.ts';
import { terminateContainers } from '../../src/kubelet/termination.ts';
import { calm, handClock } from '../support/scripted-runner.ts';

/** A container by how long its hook and its end take, in seconds. Without `hook` it has none. */
interface Stopped {
  readonly hook?: number;
  readonly end: number;
  readonly hasEnded?: true;
}

interface Case {
  readonly containers: Readonly<Record<string, Stopped>>;
  /** In the order in which they stop. */
  readonly sidecars?: Readonly<Record<string, Stopped>>;
  readonly grace: number;
  /** When the second stop signal comes. */
  readonly killAt?: number;
  /** What happens, with its time in seconds: `0 preStop web`, `2 stop web 28`, the seconds that are left. */
  readonly expected: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  'all at once without hooks': {
    containers: { a: { end: 1 }, b: { end: 1 } },
    grace: 30,
    expected: ['0 stop a 30', '0 stop b 30', '1 over'],
  },
  'the time of a hook is taken from the grace period of its container': {
    containers: { a: { hook: 5.9, end: 1 }, b: { end: 1 } },
    grace: 30,
    expected: ['0 preStop a', '0 stop b 30', '5.9 stop a 25', '6.9 over'],
  },
  'two seconds remain after a hook as long as the grace period': {
    containers: { a: { hook: 60, end: 60 } },
    grace: 10,
    expected: [
      '0 preStop a',
      '10 failed a: not finished within the grace period of 10 s',
      '10 stop a 2',
      '12 over',
    ],
  },
  'a container that has ended runs no hook': {
    containers: { a: { hook: 5, end: 0, hasEnded: true } },
    grace: 10,
    expected: ['0 stop a 10', '0 over'],
  },
  'sidecars stop when the others have ended, one after another': {
    containers: { a: { end: 3 }, b: { end: 1 } },
    sidecars: { log: { end: 2 }, proxy: { end: 1 } },
    grace: 30,
    expected: ['0 stop a 30', '0 stop b 30', '3 stop log 27', '5 stop proxy 25', '6 over'],
  },
  'the hooks of sidecars run at the beginning': {
    containers: { a: { end: 3 } },
    sidecars: { log: { hook: 1, end: 1 }, proxy: { hook: 6, end: 1 } },
    grace: 30,
    expected: [
      '0 preStop log',
      '0 preStop proxy',
      '0 stop a 30',
      '3 stop log 27',
      '6 stop proxy 24',
      '7 over',
    ],
  },
  'sidecars share the grace period, and have two seconds': {
    containers: { a: { end: 60 } },
    sidecars: { log: { end: 60 }, proxy: { end: 60 } },
    grace: 10,
    expected: ['0 stop a 10', '10 stop log 2', '10 stop proxy 2', '12 over'],
  },
  'a kill cuts off the hooks': {
    containers: { a: { hook: 20, end: 0 } },
    sidecars: { log: { end: 0 } },
    grace: 30,
    killAt: 4,
    expected: ['0 preStop a', '4 stop a 26', '4 stop log 26', '4 over'],
  },
};

for (const [what, { containers, sidecars = {}, grace, killAt, expected }] of Object.entries(CASES))
  test(`stops containers: ${what}`, async () => {
    const clock = handClock();
    const kill = new AbortController();
    const never = new AbortController().signal;
    const events: string[] = [];
    const note = (words: string) => events.push(`${clock.now() / 1000} ${words}`);
    const all = { ...containers, ...sidecars };
    const runHook: HookRunner = async (hook, { container }, seconds, cancel) => {
      note(`preStop ${container}`);
      const wanted = 'sleep' in hook ? hook.sleep.seconds : 0;
      await clock.sleep(Math.min(wanted, seconds) * 1000, cancel);
      return cancel.aborted || wanted > seconds ? { kind: 'cut-off' } : { kind: 'succeeded' };
    };
    const terminations = (some: Case['containers']) =>
      Object.entries(some).map(([name, { hook }]) => ({
        name,
        ...(hook === undefined ? {} : { preStop: { sleep: { seconds: hook } } satisfies LifecycleHook }),
      }));
    const request = {
      pod: 'web',
      containers: terminations(containers),
      sidecars: terminations(sidecars),
      graceSeconds: grace,
    };
    const over = terminateContainers(request, {
      clock,
      runHook,
      runningOf: (names) => Promise.resolve(new Set(names.filter((name) => all[name]?.hasEnded !== true))),
      stop: async (name, seconds) => {
        note(`stop ${name} ${seconds}`);
        await clock.sleep(Math.min(all[name]?.end ?? 0, seconds) * 1000, never);
      },
      onHookFailed: (name, message) => {
        note(`failed ${name}: ${message}`);
      },
      kill: kill.signal,
    }).then(() => {
      note('over');
    });
    await calm();
    if (killAt !== undefined) {
      await clock.advance(killAt * 1000);
      kill.abort();
      await calm();
    }
    for (let count = 0; count < 20; count++) await clock.advance(5000);
    await over;
    assert.deepEqual(events, expected);
  });

test('a failed hook does not prevent the stop', async () => {
  const events: string[] = [];
  await terminateContainers(
    {
      pod: 'web',
      containers: [{ name: 'a', preStop: { exec: { command: ['false'] } } }],
      sidecars: [],
      graceSeconds: 5,
    },
    {
      clock: handClock(),
      runHook: () => Promise.resolve({ kind: 'failed', message: 'exit code 1' }),
      runningOf: (names) => Promise.resolve(new Set(names)),
      stop: (name) => Promise.resolve(void events.push(`stop ${name}`)),
      onHookFailed: (name, message) => events.push(`failed ${name}: ${message}`),
      kill: new AbortController().signal,
    },
  );
  assert.deepEqual(events, ['failed a: exit code 1', 'stop a']);
});
