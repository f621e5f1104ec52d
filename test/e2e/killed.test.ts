import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { killPlans } from './support/kill-plans.ts';
import { arrange, assertRunning, killedAt, killRound, must, type Kill } from './support/kill-rounds.ts';
import { exec } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

/** One round of each kind of plan; `npm run soak -- killed` goes through all commands of each. */
const ROUNDS: readonly (readonly [plan: string, kill: Omit<Kill, 'next'>])[] = [
  ['new pod', { command: 'run *', moment: 'during', signal: 'KILL' }],
  ['changed container', { command: 'stop *', moment: 'during', signal: 'KILL' }],
  ['replaced pod', { command: 'pod *', moment: 'during', signal: 'HUP' }],
  ['surplus container', { command: '*more', moment: 'after', signal: 'KILL' }],
  ['changed ConfigMap', { command: 'unshare sh *', moment: 'before', signal: 'KILL' }],
  ['orphan', { command: 'pod *', moment: 'during', signal: 'KILL' }],
  ['down', { command: 'pod *', moment: 'before', signal: 'HUP' }],
  ['down --volumes', { command: 'pod rm *', moment: 'after', signal: 'KILL' }],
];

/** What these begin with is what the one before has left. */
const GO_ON = ['changed container', 'replaced pod', 'changed ConfigMap', 'down'];

scenario('Killed in plans of every kind: the next run ends well, and nothing runs unseen', async (story) => {
  const { id, step, file } = story;
  const plans = killPlans(id);
  await file('pod.yaml', plans[0]?.after ?? '');
  await must(story, ['up', '-d']);
  const mark = await exec(`${id}-deaf`, 'cat', '/data/mark');
  for (const [name, kill] of ROUNDS)
    await step(`${name}, SIG${kill.signal} ${kill.moment} podman ${kill.command}`, async () => {
      const plan = plans.find((each) => each.name === name);
      assert.ok(plan !== undefined);
      if (!GO_ON.includes(name)) await arrange(story, plan);
      assert.ok(await killRound(story, plan, { ...kill, next: 'same' }, mark), 'podpose was not killed');
    });
});

scenario('Killed while podman run replaces an init container that does not listen', async (story) => {
  const { id, step, pod } = story;
  await pod(`
  terminationGracePeriodSeconds: 1
  initContainers:
    - { name: deaf, image: ${BUSYBOX}, command: [sleep, "3600"] }
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sleep, "3600"] }`);
  const kill = { command: 'run *', signal: 'KILL' } as const;
  await step('it runs, and runs on', async () => {
    assert.ok(await killedAt(story, ['up', '-d'], { ...kill, moment: 'during' }));
    await assertRunning(id, 2);
  });
  await step('its place is taken while podpose is killed', async () => {
    assert.ok(await killedAt(story, ['up', '-d'], { ...kill, moment: 'before' }));
  });
  await step('down leaves nothing, as the processes say it', async () => {
    await must(story, ['down']);
    await assertNothingLeft(story);
    await assertRunning(id, 0);
  });
});
