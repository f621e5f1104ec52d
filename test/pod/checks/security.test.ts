import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, podWithContainer, type Fields } from '../manifest.ts';

const at = 'spec.containers[0].securityContext';

const cases: readonly (readonly [Fields, readonly string[]])[] = [
  [{ runAsUser: 0, runAsGroup: 2147483647 }, []],
  [{ runAsUser: -1 }, [`${at}.runAsUser: must be between 0 and 2147483647, got -1 [id-range]`]],
  [
    { runAsGroup: 2147483648 },
    [`${at}.runAsGroup: must be between 0 and 2147483647, got 2147483648 [id-range]`],
  ],
  [{ privileged: true }, []],
  [{ privileged: true, allowPrivilegeEscalation: true }, []],
  [
    { privileged: true, allowPrivilegeEscalation: false },
    [
      `${at}.allowPrivilegeEscalation: must not be false together with 'privileged: true' [privileges-conflict]`,
    ],
  ],
  [
    { capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false },
    [
      `${at}.allowPrivilegeEscalation: must not be false while the capability SYS_ADMIN is added [privileges-conflict]`,
    ],
  ],
  [{ capabilities: { add: ['NET_ADMIN', 'CAP_SYS_TIME', 'net_raw'], drop: ['ALL', 'all'] } }, []],
  [
    { capabilities: { add: ['NETADMIN'] } },
    [
      `${at}.capabilities.add[0]: 'NETADMIN' is no capability of Linux, did you mean 'NET_ADMIN'? [unknown-capability]`,
    ],
  ],
  [
    { capabilities: { drop: ['CHOWN', 'EVERYTHING'] } },
    [`${at}.capabilities.drop[1]: 'EVERYTHING' is no capability of Linux [unknown-capability]`],
  ],
];

for (const [securityContext, expected] of cases)
  test(`the securityContext ${JSON.stringify(securityContext)}`, () => {
    assert.deepEqual(findings(podWithContainer({ securityContext })), expected);
  });

test('the user of a pod has a range, too', () => {
  assert.deepEqual(findings(podWith({ securityContext: { runAsUser: -5 } })), [
    'spec.securityContext.runAsUser: must be between 0 and 2147483647, got -5 [id-range]',
  ]);
});
