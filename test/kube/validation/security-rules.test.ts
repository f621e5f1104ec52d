import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleOf } from '../../../src/base/diagnostic-code.ts';
import { mean, podWith, podWithContainer, show, type Fields } from '../manifest.ts';

/** What a server says, in one line each. */
function verdict(text: string): readonly string[] {
  return mean(text)
    .diagnostics.filter(({ code }) => ruleOf(code) === 'kubernetes')
    .map((finding) => show(finding).replace('spec.containers[0].securityContext.', ''));
}

const tooLong = 'é'.repeat(2048);

const contexts: readonly (readonly [Fields, readonly string[]])[] = [
  [{ seccompProfile: { type: 'Localhost', localhostProfile: '' } }, []],
  [
    { seccompProfile: { type: 'Localhost' } },
    ["seccompProfile.localhostProfile: required with type 'Localhost' [missing-field]"],
  ],
  [{ appArmorProfile: { type: 'Localhost', localhostProfile: '../a' } }, []],
  [
    { appArmorProfile: { type: 'Localhost' } },
    ["appArmorProfile.localhostProfile: required with type 'Localhost' [missing-field]"],
  ],
  [
    { appArmorProfile: { type: 'Localhost', localhostProfile: '' } },
    ['appArmorProfile.localhostProfile: must not be empty [missing-field]'],
  ],
  [
    { appArmorProfile: { type: 'Localhost', localhostProfile: 'a ' } },
    ['appArmorProfile.localhostProfile: must not have white space at its ends [invalid-name]'],
  ],
  [
    { appArmorProfile: { type: 'Localhost', localhostProfile: tooLong } },
    ['appArmorProfile.localhostProfile: must have at most 4095 bytes, got 4096 [invalid-name]'],
  ],
  [
    { appArmorProfile: { type: 'Unconfined', localhostProfile: 'a' } },
    [
      "appArmorProfile.localhostProfile: allowed only with type 'Localhost', not with 'Unconfined' [profile-conflict]",
    ],
  ],
  [{ capabilities: { add: ['SYS_ADMIN'] }, allowPrivilegeEscalation: false }, []],
  [
    { capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false },
    ['allowPrivilegeEscalation: must not be false with the added capability SYS_ADMIN [privileges-conflict]'],
  ],
];

for (const [securityContext, expected] of contexts)
  test(`the securityContext ${JSON.stringify(securityContext).slice(0, 80)}`, () => {
    assert.deepEqual(verdict(podWithContainer({ securityContext })), expected);
  });

const users: readonly (readonly [string, problem?: string])[] = [
  ['ContainerUser'],
  [String.raw`dom.example\user name`],
  [String.raw`a_b\user`],
  ['', 'must not be empty'],
  ['a\tb', 'must not contain control characters'],
  [String.raw`a\b\c`, String.raw`must not contain more than one '\'`],
  [String.raw`\user`, "'' is not a valid domain: neither a NetBIOS nor a DNS name"],
  [
    String.raw`a_bcdefghijklmnop\u`,
    "'a_bcdefghijklmnop' is not a valid domain: neither a NetBIOS nor a DNS name",
  ],
  ['domain\\', 'the user must not be empty'],
  ['. .', 'the user must not only contain dots and blanks'],
  ['a@b', String.raw`the user must not contain any of " / \ : ; | = , + * ? < > @ [ ]`],
  ['x'.repeat(105), 'the user must have at most 104 bytes'],
];

for (const [runAsUserName, problem] of users)
  test(`the Windows user ${JSON.stringify(runAsUserName).slice(0, 40)}`, () => {
    assert.deepEqual(
      verdict(podWithContainer({ securityContext: { windowsOptions: { runAsUserName } } })),
      problem === undefined ? [] : [`windowsOptions.runAsUserName: ${problem} [invalid-name]`],
    );
  });

const pods: readonly (readonly [Fields, readonly string[]])[] = [
  [{ securityContext: { seLinuxChangePolicy: 'Recursive' } }, []],
  [
    { securityContext: { seLinuxChangePolicy: 'MountOption' } },
    [
      "spec.securityContext.seLinuxChangePolicy: 'MountOption' requires the feature gate SELinuxMount, which is off by default in Kubernetes 1.36, did you mean 'Recursive'? [wrong-value]",
    ],
  ],
  [{ os: { name: 'windows' }, hostPID: false, securityContext: { sysctls: [], runAsNonRoot: true } }, []],
  [
    { os: { name: 'windows' }, hostPID: true, securityContext: { fsGroup: 1 } },
    [
      "spec.hostPID: must not be set: the pod is for windows ('spec.os.name') [forbidden-field]",
      "spec.securityContext.fsGroup: must not be set: the pod is for windows ('spec.os.name') [forbidden-field]",
    ],
  ],
  [
    { os: { name: 'linux' }, securityContext: { windowsOptions: {} } },
    [
      "spec.securityContext.windowsOptions: must not be set: the pod is for linux ('spec.os.name') [forbidden-field]",
    ],
  ],
  [{ hostNetwork: true, securityContext: { windowsOptions: { hostProcess: true } } }, []],
  [
    { securityContext: { windowsOptions: { hostProcess: true } } },
    ['spec.hostNetwork: must be true with HostProcess containers, such as spec.containers[0] [wrong-value]'],
  ],
  [{ securityContext: { sysctls: [{ name: 'kernel.sem' }, { name: 'vm.swappiness', value: '1' }] } }, []],
  [{ hostIPC: true, securityContext: { sysctls: [{ name: 'kernel.shm_next_id', value: '1' }] } }, []],
];

for (const [spec, expected] of pods)
  test(`the pod ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(verdict(podWith(spec)), expected);
  });

const devices: readonly (readonly [readonly Fields[], Fields, readonly string[]])[] = [
  [[{ name: 'claim', devicePath: '/dev/x' }], {}, []],
  [
    [{ name: 'files', devicePath: '/dev/x' }],
    {},
    [
      "volumeDevices[0].name: must refer to a persistentVolumeClaim or an ephemeral volume, and 'files' is neither [wrong-volume]",
    ],
  ],
  [
    [{ name: 'clam', devicePath: '/a/../b' }],
    {},
    [
      "volumeDevices[0].name: volume 'clam' not found in spec.volumes, did you mean 'claim'? [unknown-volume]",
      "volumeDevices[0].devicePath: must not contain '..', got '/a/../b' [invalid-path]",
    ],
  ],
  [
    [{ name: 'claim', devicePath: '/files' }],
    {},
    ["volumeDevices[0].devicePath: '/files' is already a mountPath in volumeMounts [duplicate-value]"],
  ],
  [
    [{ name: 'claim', devicePath: '/dev/x' }],
    { hostUsers: false },
    [
      "volumeDevices: must not be set: a pod with 'hostUsers: false' has no raw block volumes [forbidden-field]",
    ],
  ],
];

for (const [volumeDevices, spec, expected] of devices)
  test(`the devices ${JSON.stringify({ volumeDevices, ...spec })}`, () => {
    const volumes = [
      { name: 'claim', persistentVolumeClaim: { claimName: 'data' } },
      { name: 'files', emptyDir: {} },
    ];
    const volumeMounts = [{ name: 'files', mountPath: '/files' }];
    assert.deepEqual(
      verdict(podWithContainer({ volumeDevices, volumeMounts }, { volumes, ...spec })).map((line) =>
        line.replace('spec.containers[0].', ''),
      ),
      expected,
    );
  });
