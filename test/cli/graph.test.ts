import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertEnded, assertRefused, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

const WEB = pod('web', `  containers: [{name: app, image: '${IMAGE}'}]`);

void describe('graph', SIDE_BY_SIDE, () => {
  story('a flowchart on standard output, warnings on standard error; podman is not run', {}, async (desk) => {
    desk.file('pod.yaml', WEB.replace('spec:', 'spec:\n  nodeName: one'));
    const ended = await desk.podpose('graph');
    assertEnded(ended, 0, 'spec.nodeName: ignored');
    assert.equal(
      ended.stdout,
      `flowchart LR\n  subgraph p0["pod/web"]\n    p0c0["container/app<br/>${IMAGE}"]\n  end\n`,
    );
    assert.deepEqual(desk.fake.commands(), []);
  });

  story('mistakes are reported, and nothing is drawn', {}, async (desk) => {
    desk.file('pod.yaml', WEB.replace('image:', 'imgae:'));
    assertRefused(await desk.podpose('graph'), 2, "unknown field 'imgae'");
  });
});
