import assert from 'node:assert/strict';
import { describe } from 'node:test';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  pod,
  SIDE_BY_SIDE,
  story,
  type Desk,
  until,
} from './support.ts';

const ONE = pod('one', `  restartPolicy: Never\n  containers: [{name: app, image: '${IMAGE}'}]`);

async function up(desk: Desk): Promise<void> {
  desk.file('pod.yaml', ONE);
  assertEnded(await desk.podpose('up', '-d'), 0);
}

void describe('wait', SIDE_BY_SIDE, () => {
  story('for what is met already, in each notation', HAS_IMAGE, async (desk) => {
    await up(desk);
    for (const condition of [
      'condition=Ready',
      'condition=ready=true',
      'condition=Initialized',
      'phase=Running',
      'jsonpath={.status.phase}=Running',
      'jsonpath={.status.containerStatuses[0].restartCount}=0',
      'jsonpath={.status.conditions[?(@.type=="Ready")].status}=True',
      'jsonpath={.metadata.uid}',
      'jsonpath={.status.phase}="Running"',
    ])
      for (const target of [['pod/one'], ['pod.yaml'], []]) {
        const ended = await desk.podpose('wait', `--for=${condition}`, '--timeout=0', ...target);
        assertEnded(ended, 0);
        assert.equal(ended.stdout, 'pod/one condition met\n');
      }
  });

  story('for a change, and for the removal of a pod', HAS_IMAGE, async (desk) => {
    await up(desk);
    const failed = desk.start(['wait', '--for', 'phase=Failed', 'one']);
    desk.fake.podman('stop', '--time', '0', 'one-app');
    assertEnded(await failed.end, 0);
    const removed = desk.start(['wait', '--for=delete', 'pod', 'one']);
    assertEnded(await desk.podpose('down'), 0);
    const ended = await removed.end;
    assertEnded(ended, 0);
    assert.ok(['', 'pod/one condition met\n'].includes(ended.stdout));
    assertEnded(await desk.podpose('wait', '--for=delete', 'one'), 0);
  });

  story('for the successor of a pod that is replaced', HAS_IMAGE, async (desk) => {
    await up(desk);
    const failed = desk.start(['wait', '--for', 'phase=Failed', '--timeout', '60s', 'one']);
    const removed = desk.start(['wait', '--for=delete', '--timeout', '60s', 'one']);
    await until(
      'both wait',
      () => desk.fake.commands().filter(({ line }) => line.startsWith('ps')).length > 4,
    );
    assertEnded(await desk.podpose('up', '-d', '--force-recreate'), 0);
    assertEnded(await removed.end, 0);
    desk.fake.podman('stop', '--time', '0', 'one-app');
    assertEnded(await failed.end, 0);
  });

  story('the time limit, signals, and what is wrong', HAS_IMAGE, async (desk) => {
    await up(desk);
    assertRefused(
      await desk.podpose('wait', '--for=condition=Ready=False', '--timeout', '1s', 'one'),
      1,
      'timed out waiting for the condition on pod/one',
    );
    desk.fake.forgetCommands();
    const waiting = desk.start(['wait', '--for=phase=Failed', 'one']);
    await until('it has asked podman', () => desk.fake.commands().length > 0);
    waiting.kill('SIGINT');
    assert.equal((await waiting.end).code, 130);
    const mistakes: readonly (readonly [readonly string[], number, ...(string | RegExp)[]])[] = [
      [['wait', 'one'], 2, 'wait needs --for'],
      [['wait', '--for', 'ready', 'one'], 2, "invalid value 'ready' for --for", 'condition=Ready'],
      [['wait', '--for', 'jsonpath={.a', 'one'], 2, "invalid value 'jsonpath={.a' for --for"],
      [['wait', '--for', 'condition=Redy', 'one'], 2, "pods have no condition 'Redy', did you mean 'Ready'?"],
      [['wait', '--for', 'condition=Ready=Ture', 'one'], 2, "no status 'Ture', did you mean 'True'?"],
      [['wait', '--for', 'phase=Runing', 'one'], 2, "no phase 'Runing', did you mean 'Running'?"],
      [['wait', '--for', 'phase=', 'one'], 2, "invalid value 'phase=' for --for"],
      [['wait', '--for', 'deleted', 'one'], 2, "did you mean 'delete'?"],
      [['wait', '--for', 'jsonpath={.status.phase}=', 'one'], 2, 'for any value'],
      [['wait', '--for', 'phase=Running', 'one/app'], 2, 'cannot wait for a container of a pod: one/app'],
      [['wait', '--for', 'phase=Running', 'one/nope'], 2, 'no such container: one/nope'],
      [['wait', '--for=phase=Running', 'on'], 2, 'no such pod: on'],
      [['wait', '--for=phase=Running', '-p', 'other'], 1, "no pods in project 'other'"],
    ];
    for (const [args, code, ...words] of mistakes) assertRefused(await desk.podpose(...args), code, ...words);
  });
});
