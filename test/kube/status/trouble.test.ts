import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestartPolicy } from '../../../src/kube/spec/desired.ts';
import type { ContainerFacts } from '../../../src/kube/status/facts.ts';
import { isCrashLooping } from '../../../src/kube/status/stability.ts';
import { troubleOf } from '../../../src/kube/status/trouble.ts';
import * as facts from './facts.ts';

type Row = readonly [
  name: string,
  policy: RestartPolicy,
  facts: Partial<ContainerFacts> & { readonly stage: facts.Stage },
  trouble: string,
];

const { absent, created, running, paused, completed, failed, backOff } = facts;
const crashed = { stage: running, restarts: 1, lastEnd: { exitCode: 4 } };

/** What is wrong with a container that this run has started. */
const fresh: readonly Row[] = [
  ['running', 'Always', { stage: running }, 'none'],
  ['paused', 'Always', { stage: paused }, 'none'],
  ['running again', 'Always', crashed, 'restarting 4'],
  ['running again, with unknown exit code', 'Always', { stage: running, restarts: 3 }, 'restarting'],
  ['running again, OnFailure', 'OnFailure', crashed, 'restarting 4'],
  ['completed', 'Never', { stage: completed }, 'none'],
  ['completed', 'OnFailure', { stage: completed }, 'none'],
  ['completed after a retry', 'OnFailure', { stage: completed, restarts: 2 }, 'none'],
  ['ended', 'Always', { stage: completed }, 'restarting 0'],
  ['failed', 'Always', { stage: failed }, 'restarting 3'],
  ['failed', 'OnFailure', { stage: failed }, 'restarting 3'],
  ['failed', 'Never', { stage: failed }, 'failed 3'],
  ['waiting for its restart', 'Always', { stage: backOff }, 'restarting 1'],
  ['removed', 'Always', { stage: absent }, 'not-started'],
  ['created', 'Always', { stage: created, startedAt: 0 }, 'not-started'],
  ['created again', 'Always', { stage: created, restarts: 1, lastEnd: { exitCode: 4 } }, 'restarting 4'],
];

for (const [name, policy, { stage, ...rest }, expected] of fresh)
  test(`started just now: ${name} (${policy})`, () => {
    const subject = { name: 'app', restarts: 0, startedAt: 100, createdAt: 90, ...rest, stage };
    const trouble = troubleOf(subject, { policy, now: 100.3, isFresh: true });
    const exitCode = trouble !== undefined && 'exitCode' in trouble ? ` ${trouble.exitCode}` : '';
    assert.equal(`${trouble?.kind ?? 'none'}${exitCode}`, expected);
  });

test('a rule that matches the exit code restarts it', () => {
  const subject = { name: 'app', restarts: 0, startedAt: 100, createdAt: 90, stage: failed };
  const kindAfter = (...values: readonly number[]) => {
    const rules = [{ action: 'Restart', exitCodes: { operator: 'In', values } }] as const;
    return troubleOf(subject, { policy: 'Never', rules, now: 100.3, isFresh: true })?.kind;
  };
  assert.equal(kindAfter(3), 'restarting');
  assert.equal(kindAfter(4), 'failed');
});

test('started earlier: a restart counts only as long as the container is not stable', () => {
  const subject = { name: 'app', ...crashed, startedAt: 100, createdAt: 90 };
  const at = (now: number) => troubleOf(subject, { policy: 'Always', now, isFresh: false })?.kind;
  assert.equal(at(105), 'restarting');
  assert.equal(at(111), undefined);
});

/** Restarts, seconds from the creation to the current run, and for how long it has been running. */
const loops: readonly (readonly [string, number, number, number, boolean])[] = [
  ['never restarted', 0, 0, 1, false],
  ['one crash at the start, just now', 1, 2, 5, true],
  ['one crash at the start, running since', 1, 2, 11, false],
  ['one crash after a day', 1, 86_400, 11, false],
  ['crashes at once', 20, 3, 0, true],
  ['crashed at once, but runs now', 20, 3, 11, false],
  ['crashed before the clock was set back by an hour', 20, 3, -3600, false],
  ['crashes every 30 seconds', 10, 300, 29, true],
  ['crashed every 30 seconds, runs for longer', 10, 300, 61, false],
  ['crashes every 4 minutes', 5, 1200, 239, true],
  ['crashes every other day', 5, 864_000, 700, false],
  ['crashes every other day, just now', 5, 864_000, 9, true],
];

for (const [name, restarts, before, running, expected] of loops)
  test(`crash loop: ${name}`, () => {
    const startedAt = 1000 + before;
    assert.equal(isCrashLooping({ restarts, createdAt: 1000, startedAt }, startedAt + running), expected);
  });
