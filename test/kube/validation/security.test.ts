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
    [`${at}.allowPrivilegeEscalation: must not be false with 'privileged: true' [privileges-conflict]`],
  ],
  [
    { capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false },
    [
      `${at}.allowPrivilegeEscalation: must not be false with the added capability SYS_ADMIN [privileges-conflict]`,
    ],
  ],
  [{ capabilities: { add: ['NET_ADMIN', 'CAP_SYS_TIME', 'net_raw'], drop: ['ALL', 'all'] } }, []],
  [
    { capabilities: { add: ['NETADMIN'] } },
    [
      `${at}.capabilities.add[0]: unknown Linux capability 'NETADMIN', did you mean 'NET_ADMIN'? [unknown-capability]`,
    ],
  ],
  [
    { capabilities: { drop: ['CHOWN', 'EVERYTHING'] } },
    [`${at}.capabilities.drop[1]: unknown Linux capability 'EVERYTHING' [unknown-capability]`],
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

const group = 'spec.securityContext';
const withProfile = (seccompProfile: Fields) => podWithContainer({ securityContext: { seccompProfile } });
const podCases: readonly (readonly [string, string, readonly string[]])[] = [
  ['groups in range', podWith({ securityContext: { fsGroup: 0, supplementalGroups: [0, 2147483647] } }), []],
  [
    'groups out of range',
    podWith({ securityContext: { fsGroup: -1, supplementalGroups: [1, 2147483648] } }),
    [
      `${group}.fsGroup: must be between 0 and 2147483647, got -1 [id-range]`,
      `${group}.supplementalGroups[1]: must be between 0 and 2147483647, got 2147483648 [id-range]`,
    ],
  ],
  ['Merge', podWith({ securityContext: { supplementalGroupsPolicy: 'Merge' } }), []],
  [
    'Strict with a group',
    podWith({ securityContext: { supplementalGroupsPolicy: 'Strict', runAsGroup: 7 } }),
    [],
  ],
  [
    'Strict with a group of the container',
    podWithContainer(
      { securityContext: { runAsGroup: 7 } },
      { securityContext: { supplementalGroupsPolicy: 'Strict' } },
    ),
    [],
  ],
  [
    'Strict without a group',
    podWith({ securityContext: { supplementalGroupsPolicy: 'Strict' } }),
    [
      `${group}.supplementalGroupsPolicy: not supported without runAsGroup for spec.containers[0]: podman would add the groups of the image's user [not-supported]`,
    ],
  ],
  ['no root and another user', podWith({ securityContext: { runAsNonRoot: true, runAsUser: 1 } }), []],
  [
    'no root and root, said by the pod',
    podWith({ securityContext: { runAsNonRoot: true, runAsUser: 0 } }),
    [
      `${group}.runAsUser: must not be 0 with 'runAsNonRoot: true', as set for spec.containers[0] [runs-as-root]`,
    ],
  ],
  [
    'no root and root, said by the container',
    podWithContainer(
      { securityContext: { runAsUser: 0 } },
      { securityContext: { runAsNonRoot: true, runAsUser: 5 } },
    ),
    [
      `${at}.runAsUser: must not be 0 with 'runAsNonRoot: true', as set for spec.containers[0] [runs-as-root]`,
    ],
  ],
  [
    'a container that may be root',
    podWithContainer(
      { securityContext: { runAsNonRoot: false, runAsUser: 0 } },
      { securityContext: { runAsNonRoot: true } },
    ),
    [],
  ],
  ['seccomp by podman', withProfile({ type: 'RuntimeDefault' }), []],
  ['seccomp off', withProfile({ type: 'Unconfined' }), []],
  ['seccomp of a file', withProfile({ type: 'Localhost', localhostProfile: 'profiles/a.json' }), []],
  [
    'seccomp of no file',
    withProfile({ type: 'Localhost' }),
    [`${at}.seccompProfile.localhostProfile: required with type 'Localhost' [missing-field]`],
  ],
  [
    'seccomp of a file elsewhere',
    withProfile({ type: 'Localhost', localhostProfile: '/etc/a.json' }),
    [`${at}.seccompProfile.localhostProfile: must be a relative path without '..' [path-not-below]`],
  ],
  [
    'seccomp of a file above',
    withProfile({ type: 'Localhost', localhostProfile: 'a/../../b.json' }),
    [`${at}.seccompProfile.localhostProfile: must be a relative path without '..' [path-not-below]`],
  ],
  [
    'a seccomp file that nobody asks for',
    withProfile({ type: 'RuntimeDefault', localhostProfile: 'a.json' }),
    [
      `${at}.seccompProfile.localhostProfile: allowed only with type 'Localhost', not with 'RuntimeDefault' [profile-conflict]`,
    ],
  ],
  ['AppArmor off', podWith({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }), []],
  [
    'AppArmor by default, said twice',
    podWithContainer(
      { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } },
      { securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } },
    ),
    [`warning: ${group}.appArmorProfile: ignored: rootless podman does not load AppArmor profiles [ignored]`],
  ],
  [
    'a profile for AppArmor',
    podWithContainer({
      securityContext: { appArmorProfile: { type: 'Localhost', localhostProfile: 'strict' } },
    }),
    [`${at}.appArmorProfile: not supported: rootless podman does not load AppArmor profiles [not-supported]`],
  ],
  ['the user namespace of the machine', podWith({ hostUsers: true }), []],
  ['a user namespace', podWith({ hostUsers: false }), []],
  [
    'a user namespace, and others of the machine',
    podWith({ hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true }),
    [
      "spec.hostNetwork: must not be true with 'hostUsers: false' [user-namespace-conflict]",
      "spec.hostPID: must not be true with 'hostUsers: false' [user-namespace-conflict]",
      "spec.hostIPC: must not be true with 'hostUsers: false' [user-namespace-conflict]",
    ],
  ],
  [
    '/proc as it is',
    podWithContainer({ securityContext: { procMount: 'Unmasked' } }, { hostUsers: false }),
    [],
  ],
  ['/proc as always', podWithContainer({ securityContext: { procMount: 'Default' } }), []],
  [
    '/proc as it is, without a user namespace',
    podWithContainer({ securityContext: { procMount: 'Unmasked' } }),
    [`${at}.procMount: 'Unmasked' requires 'hostUsers: false' [user-namespace-conflict]`],
  ],
];

for (const [name, manifest, expected] of podCases)
  test(`a security context: ${name}`, () => {
    assert.deepEqual(findings(manifest), expected);
  });
