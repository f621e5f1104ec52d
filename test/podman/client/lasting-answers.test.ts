import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer, PodmanClient, Query } from '../../../src/podman/client/client.ts';
import { withLastingAnswers } from '../../../src/podman/client/lasting-answers.ts';
import { askNetworkGateway, askState } from '../../../src/podman/client/queries.ts';

const exited = (exitCode: number): Answer => ({ kind: 'exited', exitCode, stdout: '10.89.0.1', stderr: '' });

/** A client whose answers have these exit codes, one after another, and what it was asked. */
function client(...exitCodes: readonly number[]) {
  const asked: string[] = [];
  const query = ({ args }: Query): Promise<Answer> => {
    asked.push(args.join(' '));
    return Promise.resolve(exited(exitCodes[asked.length - 1] ?? 0));
  };
  return { asked, podman: withLastingAnswers({ query } as PodmanClient) };
}

suite('what lasts while a plan is applied', () => {
  test('is asked once, also by those who ask at the same time', async () => {
    const { asked, podman } = client();
    const answers = await Promise.all([1, 2].map(() => podman.query(askNetworkGateway('one'))));
    await podman.query(askNetworkGateway('one'));
    assert.deepEqual(answers, [exited(0), exited(0)]);
    assert.equal(asked.length, 1);
  });

  test('is asked again after a failure, and of each network', async () => {
    const { asked, podman } = client(125);
    await podman.query(askNetworkGateway('one'));
    await podman.query(askNetworkGateway('one'));
    await podman.query(askNetworkGateway('other'));
    assert.equal(asked.length, 3);
  });

  test('a state is asked each time', async () => {
    const { asked, podman } = client();
    await podman.query(askState('web-app'));
    await podman.query(askState('web-app'));
    assert.equal(asked.length, 2);
  });
});
