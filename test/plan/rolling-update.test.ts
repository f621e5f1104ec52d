import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rollingOrder, type RollingUpdate } from '../../src/plan/decide/rolling-update.ts';

type Row = readonly [
  what: string,
  /** replicas, maxSurge, maxUnavailable */
  limits: readonly [number, number, number],
  /** kept: available, unavailable; created; removed: available, unavailable */
  pods: readonly [number, number, number, number, number],
  created: string,
  removed: string,
];

/** `-` waits for nothing; a number is the place of what it waits for. */
const ROWS: readonly Row[] = [
  ['nothing to do', [3, 1, 0], [3, 0, 0, 0, 0], '', ''],
  ['a surge of one: the old pod goes when the new one is available', [1, 1, 0], [0, 0, 1, 1, 0], '-', '0'],
  ['no surge: the old pod goes first', [1, 0, 1], [0, 0, 1, 1, 0], '0', '-'],
  ['a surge of one with three pods', [3, 1, 0], [0, 0, 3, 3, 0], '- 0 1', '0 1 2'],
  ['one unavailable of three', [3, 0, 1], [0, 0, 3, 3, 0], '0 1 2', '- 0 1'],
  ['both of four', [4, 1, 1], [0, 0, 4, 4, 0], '- 0 1 2', '- 0 1 2'],
  ['all at once by a surge', [3, 3, 0], [0, 0, 3, 3, 0], '- - -', '0 1 2'],
  ['all at once by unavailability', [3, 0, 3], [0, 0, 3, 3, 0], '0 1 2', '- - -'],
  ['a surge of two with four pods', [4, 2, 0], [0, 0, 4, 4, 0], '- - 0 1', '0 1 2 3'],
  ['two unavailable of four', [4, 0, 2], [0, 0, 4, 4, 0], '0 1 2 3', '- - 0 1'],
  ['ten pods with 25 %', [10, 3, 2], [0, 0, 10, 10, 0], '- - - 0 1 2 3 4 5 6', '- - 0 1 2 3 4 5 6 7'],
  ['a larger surge than replicas', [2, 5, 0], [0, 0, 2, 2, 0], '- -', '0 1'],
  ['an unavailable old pod goes at once', [2, 1, 0], [0, 0, 2, 1, 1], '- 0', '- 1'],
  ['two unavailable old pods go at once', [2, 1, 0], [0, 0, 2, 0, 2], '- 0', '- -'],
  ['one old pod of two is missing', [2, 1, 0], [0, 0, 2, 1, 0], '- -', '1'],
  ['continued: one new pod is available', [3, 1, 0], [1, 0, 2, 2, 0], '- 0', '0 1'],
  [
    'continued: one new pod is available, and the old one has not gone yet',
    [3, 1, 0],
    [1, 0, 2, 3, 0],
    '0 1',
    '- 0 1',
  ],
  ['continued: a new pod is not available', [3, 1, 0], [0, 1, 2, 3, 0], '0 1', '0 1 2'],
  ['continued: all new pods exist, one old pod is left', [3, 1, 0], [3, 0, 0, 1, 0], '', '-'],
  ['continued: all new pods exist, the last is not available', [3, 1, 0], [2, 1, 0, 1, 0], '', '0'],
  ['a failed rollout is replaced by a third template', [3, 1, 0], [0, 0, 3, 3, 1], '0 1 2', '- 0 1 2'],
  ['more replicas at the same time', [4, 1, 1], [0, 0, 4, 2, 0], '- - - 0', '1 2'],
  ['fewer replicas at the same time', [1, 1, 0], [0, 0, 1, 4, 0], '2', '- - - 0'],
  ['fewer replicas without a surge', [2, 0, 1], [0, 0, 2, 4, 0], '2 3', '- - - 0'],
  ['no replicas any more', [0, 1, 0], [0, 0, 0, 3, 0], '', '- - -'],
  ['no replicas before', [3, 1, 0], [0, 0, 3, 0, 0], '- - -', ''],
  ['a surplus of new pods goes, too', [2, 1, 0], [2, 0, 0, 2, 0], '', '- -'],
];

for (const [what, limits, pods, created, removed] of ROWS)
  test(`a rolling update: ${what}`, () => {
    const order = rollingOrder(updateOf(limits, pods));
    assert.deepEqual([words(order.created), words(order.removed)], [created, removed]);
  });

function updateOf(
  [replicas, maxSurge, maxUnavailable]: Row[1],
  [keptUp, keptDown, created, removedUp, removedDown]: Row[2],
): RollingUpdate {
  return {
    ...{ replicas, maxSurge, maxUnavailable, created },
    kept: { available: keptUp, unavailable: keptDown },
    removed: { available: removedUp, unavailable: removedDown },
  };
}

function words(waits: readonly (number | undefined)[]): string {
  return waits.map((wait) => wait ?? '-').join(' ');
}

/** Any rollout, also one that goes on after an interruption: new and old pods in any number. */
const anyUpdate: fc.Arbitrary<RollingUpdate> = fc
  .record({
    replicas: fc.nat(8),
    maxSurge: fc.nat(8),
    maxUnavailable: fc.nat(8),
    keptUp: fc.nat(8),
    keptDown: fc.nat(8),
    removedUp: fc.nat(8),
    removedDown: fc.nat(8),
  })
  .map(({ replicas, maxSurge, maxUnavailable, keptUp, keptDown, removedUp, removedDown }) => {
    const up = Math.min(keptUp, replicas);
    const down = Math.min(keptDown, replicas - up);
    const unavailable = Math.min(maxUnavailable, replicas);
    return updateOf(
      [replicas, maxSurge, maxSurge + unavailable === 0 ? 1 : unavailable],
      [up, down, replicas - up - down, removedUp, removedDown],
    );
  });

/** An event that may happen: a pod is created, becomes available, or goes. */
type Event = { readonly kind: 'create' | 'ready' | 'remove'; readonly index: number };

test('a rolling update: in any order of events, the limits hold, and it comes to its end', () => {
  fc.assert(
    fc.property(anyUpdate, fc.infiniteStream(fc.nat(1000)), (update, choices) => {
      const { replicas, maxSurge, maxUnavailable, kept, created, removed } = update;
      const order = rollingOrder(update);
      const isCreated = order.created.map(() => false);
      const isGone = order.removed.map(() => false);
      const isReady = Array.from({ length: kept.unavailable + created }, () => false);
      const existing = kept.available + kept.unavailable + removed.available + removed.unavailable;
      const most = Math.max(replicas + maxSurge, existing);
      const least = Math.min(replicas - maxUnavailable, kept.available + removed.available);
      const pick = choices[Symbol.iterator]();
      for (;;) {
        const possible: Event[] = [
          ...order.created.flatMap((wait, index): Event[] =>
            !isCreated[index] && (wait === undefined || isGone[wait] === true)
              ? [{ kind: 'create', index }]
              : [],
          ),
          ...isReady.flatMap((ready, index): Event[] =>
            !ready && (index < kept.unavailable || isCreated[index - kept.unavailable] === true)
              ? [{ kind: 'ready', index }]
              : [],
          ),
          ...order.removed.flatMap((wait, index): Event[] =>
            !isGone[index] && (wait === undefined || isReady[wait] === true)
              ? [{ kind: 'remove', index }]
              : [],
          ),
        ];
        if (possible.length === 0) break;
        const event = possible[Number(pick.next().value) % possible.length];
        if (event?.kind === 'create') isCreated[event.index] = true;
        if (event?.kind === 'ready') isReady[event.index] = true;
        if (event?.kind === 'remove') isGone[event.index] = true;
        const count = (flags: readonly boolean[]) => flags.filter((flag) => flag).length;
        const total = existing + count(isCreated) - count(isGone);
        const available =
          kept.available + removed.available + count(isReady) - count(isGone.slice(removed.unavailable));
        assert.ok(total <= most, `${total} pods, at most ${most}`);
        assert.ok(available >= least, `${available} available, at least ${least}`);
      }
      assert.ok(
        [...isCreated, ...isReady, ...isGone].every((flag) => flag),
        'it does not come to its end',
      );
    }),
    { numRuns: 2000, seed: 1 },
  );
});
