import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyEvent } from '../../src/apply/events.ts';
import { success } from '../../src/base/result.ts';
import { inPostStart, reportHooks } from '../../src/engine/running-hooks.ts';
import { addWatchedFacts } from '../../src/engine/watch-facts.ts';
import type { Step } from '../../src/plan/step.ts';
import type { ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer } from '../support/desired.ts';
import { testEngine } from '../support/platform.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

/** The sockets of one machine. */
function machine() {
  const answers = new Map<string, (request: string) => string>();
  const { engine } = testEngine(
    {},
    scriptedRunner((command) => {
      command.exit(1);
    }),
  );
  const sockets = {
    serve: (name: string, answer: (request: string) => string) => {
      answers.set(name, answer);
      return Promise.resolve(success({ close: () => void answers.delete(name) }));
    },
    ask: (name: string) => Promise.resolve(answers.get(name)?.('status')),
  };
  return { engine: { ...engine, platform: { ...engine.platform, sockets } }, answers };
}

const START = { id: 'pod/web container/app', needs: [], operation: { kind: 'start-container' } };
const HOOK = {
  id: 'post-start/web/app',
  needs: [START.id],
  operation: { kind: 'run-post-start', name: 'web-app' },
};
const STEPS = [START, HOOK] as unknown as readonly [Step, Step];
const EVENTS: Readonly<Record<string, ApplyEvent>> = {
  starting: { kind: 'step-started', step: STEPS[0], attempt: 1 },
  started: { kind: 'step-succeeded', step: STEPS[0], seconds: 1 },
  hook: { kind: 'step-started', step: STEPS[1], attempt: 1 },
  over: { kind: 'step-succeeded', step: STEPS[1], seconds: 1 },
  skipped: { kind: 'step-skipped', step: STEPS[1], because: 'needs-failed' },
};

const running = (name: string, lifecycle: object = { postStart: { sleep: { seconds: 5 } } }) => {
  const container: ObservedContainer = {
    ...observedContainer(name, 'running'),
    owner: { project: 'demo', pod: 'web', role: 'container', name: name.slice(4) },
    labels: { 'podpose.format': '1', 'podpose.spec': JSON.stringify(lifecycle) },
  };
  return container;
};

test('a container waits from its start to the end of its postStart hook', async () => {
  const { engine, answers } = machine();
  const report = reportHooks(engine.platform, { project: 'demo', steps: STEPS });
  const waits = async (...events: readonly string[]) => {
    for (const name of events) {
      const event = EVENTS[name];
      if (event !== undefined) report.onEvent(event);
    }
    await new Promise(setImmediate);
    const found = await inPostStart(engine.platform, 'demo', [
      running('web-app'),
      running('web-log'),
      { ...running('web-app'), state: 'exited' },
      running('web-app', {}),
    ]);
    return found.map(({ name }) => name);
  };
  assert.deepEqual(await waits(), []);
  assert.deepEqual(await waits('starting'), ['web-app']);
  assert.deepEqual(await waits('started', 'hook'), ['web-app']);
  const { containers } = await addWatchedFacts(engine, [running('web-app'), running('web-log')]);
  assert.deepEqual(
    containers.map(({ watched }) => watched?.isInPostStart),
    [true, undefined],
  );
  assert.deepEqual(await waits('over'), []);
  assert.equal(answers.size, 0);
  assert.deepEqual(await waits('starting', 'skipped'), []);
  assert.deepEqual(await waits('starting'), ['web-app']);
  await report.close();
  assert.equal(answers.size, 0);
});
