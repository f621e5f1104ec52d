import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertEnded, assertRefused, HAS_IMAGE, SIDE_BY_SIDE, story, WEB } from './support.ts';

void describe('events', SIDE_BY_SIDE, () => {
  story('as a table, as JSON, and in describe', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', WEB);
    assertEnded(await desk.podpose('events'), 0, `No events of project '${desk.project}' in the last hour.`);
    assertEnded(await desk.podpose('up', '-d'), 0);
    desk.fake.podman('stop', '--time', '0', 'web-app');
    desk.fake.forgetCommands();
    const table = await desk.podpose('events', 'web');
    assertEnded(table, 0);
    assert.match(table.stdout, /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
    for (const line of [
      /^\d+s +Normal +Created +pod\/web +Created container first$/m,
      /^\d+s +Normal +Completed +pod\/web +Container first has completed$/m,
      /^\d+s +Normal +Started +pod\/web +Started container app$/m,
      /^\d+s +Normal +Killing +pod\/web +Container app was ended by SIGKILL/m,
    ])
      assert.match(table.stdout, line);
    assert.doesNotMatch(table.stdout, /infra/);
    const json = await desk.podpose('events', '-o', 'json');
    const list = JSON.parse(json.stdout) as { readonly items: readonly Record<string, unknown>[] };
    const killing = list.items.find(({ reason }) => reason === 'Killing');
    assert.equal(killing?.['kind'], 'Event');
    assert.deepEqual(killing['involvedObject'], {
      apiVersion: 'v1',
      kind: 'Pod',
      name: 'web',
      fieldPath: 'spec.containers{app}',
    });
    const described = await desk.podpose('describe', 'pod', 'web');
    assert.match(described.stdout, /^Events:\n {2}Type +Reason +Age +Message\n {2}Normal +Created /m);
    assert.deepEqual(desk.fake.changes(), []);
  });

  story('what is wrong', HAS_IMAGE, async (desk) => {
    assertRefused(await desk.podpose('events', 'nosuch'), 2, 'no such pod: nosuch');
    assertRefused(await desk.podpose('events', '-o', 'yaml'), 2, "invalid value 'yaml' for --output");
  });
});
