import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

const SECRET = `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: hunter-two-two}\n`;
const WEB = `${SECRET}---\n${pod('web', `  containers: [{name: app, image: '${IMAGE}', env: [{name: A, valueFrom: {secretKeyRef: {name: db, key: password}}}]}]`)}`;

void describe('secret values in output of podman', SIDE_BY_SIDE, () => {
  for (const match of ['^pod ps', '^ps', '^image', '^version'])
    story(`podman ${match.slice(1)} fails and quotes one`, HAS_IMAGE, async (desk) => {
      desk.file('web.yaml', WEB);
      const stderr = 'Error: something odd with hunter-two-two';
      desk.fake.set({ rules: [{ match, when: 'before', exitCode: 125, stderr }] });
      for (const args of [
        ['plan', 'web.yaml'],
        ['up', '-d', 'web.yaml'],
      ]) {
        const { stdout, stderr: shown } = await desk.podpose(...args);
        assert.doesNotMatch(stdout + shown, /hunter/);
      }
    });
});
