import assert from 'node:assert/strict';
import { killPlans } from './support/kill-plans.ts';
import { arrange, killRound, must, type Kill } from './support/kill-rounds.ts';
import { exec } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

/** One round of each kind of plan; `npm run soak -- killed` goes through all commands of each. */
const ROUNDS: readonly (readonly [plan: string, kill: Kill, command: RegExp])[] = [
  ['new pod', { command: 3, moment: 'during', signal: 'KILL', next: 'same' }, /./],
  ['changed container', { command: 2, moment: 'during', signal: 'KILL', next: 'same' }, /./],
  ['replaced pod', { command: 1, moment: 'during', signal: 'HUP', next: 'same' }, /./],
  ['surplus container', { command: 1, moment: 'after', signal: 'KILL', next: 'same' }, /./],
  ['changed ConfigMap', { command: 1, moment: 'before', signal: 'KILL', next: 'same' }, /./],
  ['orphan', { command: 1, moment: 'during', signal: 'KILL', next: 'same' }, /./],
  ['down', { command: 1, moment: 'before', signal: 'HUP', next: 'same' }, /./],
  ['down --volumes', { command: 2, moment: 'after', signal: 'KILL', next: 'same' }, /./],
];

/** What these begin with is what the one before has left. */
const GO_ON = ['changed container', 'replaced pod', 'changed ConfigMap', 'down'];

scenario('Killed in plans of every kind: the next run ends well, and nothing runs unseen', async (story) => {
  const { id, step, file } = story;
  const plans = killPlans(id);
  await file('pod.yaml', plans[0]?.after ?? '');
  await must(story, ['up', '-d']);
  const mark = await exec(`${id}-deaf`, 'cat', '/data/mark');
  for (const [name, kill, command] of ROUNDS)
    await step(`${name}, SIG${kill.signal} ${kill.moment} ${command.source}`, async () => {
      const plan = plans.find((each) => each.name === name);
      assert.ok(plan !== undefined);
      if (!GO_ON.includes(name)) await arrange(story, plan);
      const killed = await killRound(story, plan, kill, mark);
      if (process.env['SHOW']) {
        const { readdirSync, readFileSync } = await import('node:fs');
        const d = `${story.folder}/killing/commands`;
        console.log(name, killed);
        for (const n of readdirSync(d))
          console.log('  ', n, readFileSync(`${d}/${n}/words`, 'utf8').slice(0, 150));
      }
      assert.match(killed ?? '', command);
    });
});
