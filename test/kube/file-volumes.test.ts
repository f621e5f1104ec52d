import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FilesSource } from '../../src/kube/spec/desired-volume.ts';
import { podFileDigests, podFileRecord, recordedSource } from '../../src/kube/spec/file-digests.ts';
import { containerSettings } from '../../src/kube/spec/settings.ts';
import { mean, podWithContainer, show, type Fields } from './manifest.ts';

const CONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { a: 'one', b: 'two' },
  binaryData: { c: '/w==', text: 'aMOp' },
});
const LOGIN = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login' },
  data: { user: 'YW5u', password: 'b2xk' },
  stringData: { password: 'new' },
});

function podOf(
  volume: Fields,
  mount: Fields = {},
  container: Fields = {},
  others: readonly Fields[] = [],
): string {
  return podWithContainer(
    { volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }], ...container },
    { volumes: [{ name: 'v', ...volume }, ...others] },
  );
}

function podFrom(...args: Parameters<typeof podOf>) {
  const { pods, diagnostics } = mean(podOf(...args), CONFIG, LOGIN);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(show), []);
  const [first] = pods;
  assert.ok(first);
  return first.pod;
}

function sourceOf(...args: Parameters<typeof podOf>): FilesSource {
  const source = podFrom(...args).volumes[0]?.source;
  assert.ok(source !== undefined && 'files' in source);
  return source;
}

/** Each file on a line: its mode, its path, and what it holds. */
function listing(...args: Parameters<typeof podOf>): readonly string[] {
  return sourceOf(...args).files.map(({ path, mode, content }) => {
    const held =
      content.type === 'text' ? content.text : content.type === 'binary' ? content.base64 : content.from;
    return `${mode.toString(8)} ${path}: ${held}`;
  });
}

suite('the files of a volume', () => {
  test('one for each key of a ConfigMap, sorted', () => {
    assert.deepEqual(listing({ configMap: { name: 'settings' } }), [
      '644 a: one',
      '644 b: two',
      '644 c: /w==',
      '644 text: hé',
    ]);
  });

  test('items select keys and paths', () => {
    const items = [
      { key: 'b', path: './z//b/' },
      { key: 'a', path: 'a.txt', mode: 0 },
    ];
    assert.deepEqual(listing({ configMap: { name: 'settings', defaultMode: 0o600, items } }), [
      '0 a.txt: one',
      '600 z/b: two',
    ]);
  });

  test('the later of two files with one path takes precedence', () => {
    const items = [
      { key: 'a', path: 'x' },
      { key: 'b', path: 'x' },
    ];
    const sources = [{ configMap: { name: 'settings', items: [items[0]] } }, { secret: { name: 'login' } }];
    const again = { configMap: { name: 'settings', items: [{ key: 'b', path: 'user' }] } };
    assert.deepEqual(listing({ projected: { sources: [...sources, again] } }), [
      "644 password: key 'password' of Secret 'login'",
      '644 user: two',
      '644 x: one',
    ]);
  });

  test('missing optional data gives none', () => {
    const items = [{ key: 'none', path: 'x' }];
    assert.deepEqual(listing({ configMap: { name: 'nobody', optional: true } }), []);
    assert.deepEqual(listing({ secret: { secretName: 'login', optional: true, items } }), []);
  });

  test('only volumes with secrets are in memory', () => {
    const mediumOf = (volume: Fields) => sourceOf(volume).medium;
    assert.equal(mediumOf({ configMap: { name: 'settings' } }), 'disk');
    assert.equal(mediumOf({ downwardAPI: {} }), 'disk');
    assert.equal(mediumOf({ projected: { sources: [{ configMap: { name: 'settings' } }] } }), 'disk');
    assert.equal(mediumOf({ secret: { secretName: 'nobody', optional: true } }), 'Memory');
    assert.equal(mediumOf({ projected: { sources: [{ secret: { name: 'login' } }] } }), 'Memory');
  });

  test('an amount of a container', () => {
    const resources = { limits: { cpu: '1500m', memory: '1.5Gi' }, requests: { memory: '1Gi' } };
    const of = (resource: string, divisor?: string) => ({
      path: resource,
      resourceFieldRef: { containerName: 'app', resource, ...(divisor === undefined ? {} : { divisor }) },
    });
    const items = [of('limits.cpu'), of('limits.memory', '1Mi'), of('requests.memory')];
    assert.deepEqual(listing({ downwardAPI: { items } }, {}, { resources }), [
      '644 limits.cpu: 2',
      '644 limits.memory: 1536',
      '644 requests.memory: 1073741824',
    ]);
  });
});

suite('recorded settings', () => {
  test('a container records the volume, and files only of subPath mounts', () => {
    const remembered = (mount: Fields) => {
      const [container] = podFrom({ configMap: { name: 'settings' } }, mount).containers;
      assert.ok(container);
      const [{ source } = { source: undefined }] = containerSettings(container)['volumeMounts'] as readonly {
        readonly source: unknown;
      }[];
      return source;
    };
    const kind = { type: 'configMap', medium: 'disk' };
    assert.deepEqual(remembered({}), kind);
    assert.deepEqual(remembered({ subPath: 'a' }), { ...kind, files: { a: 'sha256:7692c3ad3540bb80' } });
    assert.deepEqual(remembered({ subPath: 'none' }), { ...kind, files: {} });
  });

  test('a subPath includes everything below it', () => {
    const items = ['d/x', 'd/y', 'dx'].map((path) => ({ key: 'a', path, mode: 0o400 }));
    const [container] = podFrom({ configMap: { name: 'settings', items } }, { subPath: 'd' }).containers;
    assert.ok(container);
    assert.match(
      JSON.stringify(containerSettings(container)),
      /"files":\{"d\/x":"[^"]+ mode 0400","d\/y":"[^"]+"\}/,
    );
  });

  test('a pod records the mounted files, or one digest of many', () => {
    assert.deepEqual(Object.keys(podFileDigests(podFrom({ configMap: { name: 'settings' } }))), ['v']);
    const data = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`key-${index}`, 'x']));
    const big = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'big' }, data });
    const { pods } = mean(podOf({ configMap: { name: 'big' } }), big);
    assert.ok(pods[0]);
    assert.match(JSON.stringify(podFileDigests(pods[0].pod)), /^\{"v":"sha256:[0-9a-f]{16}"\}$/);
  });

  test('only the fingerprint of a secret', () => {
    const pod = podFrom({ secret: { secretName: 'login' } });
    assert.doesNotMatch(JSON.stringify(pod), /new|bmV3|YW5u/);
    assert.match(
      JSON.stringify(podFileDigests(pod)),
      /^\{"v":\{"password":"hmac-sha256:\w{32}","user":"hmac/,
    );
  });

  test('a mount is always read-only', () => {
    assert.equal(
      podFrom({ configMap: { name: 'settings' } }, { readOnly: false }).containers[0]?.volumeMounts[0]
        ?.readOnly,
      true,
    );
  });
});

suite('modes', () => {
  const withMode = (mode: string) =>
    mean(
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx:1.27\n` +
        `    volumeMounts: [{name: v, mountPath: /v}]\n  volumes:\n  - name: v\n    configMap: {name: settings, defaultMode: ${mode}}`,
      CONFIG,
    );
  const modes: Readonly<Record<string, number>> = {
    '0': 0,
    '0400': 0o400,
    '0o400': 0o400,
    '256': 0o400,
    '0644': 0o644,
    '420': 0o644,
    '0777': 0o777,
    '511': 0o777,
    '00644': 0o644,
  };
  for (const [written, mode] of Object.entries(modes))
    test(`${written} is ${mode.toString(8)}`, () => {
      const source = withMode(written).pods[0]?.pod.volumes[0]?.source;
      assert.ok(source !== undefined && 'files' in source);
      assert.equal(source.files[0]?.mode, mode);
    });
  for (const written of ['644', '0o1000', '512', '-1', '755', '1e9'])
    test(`${written} is invalid`, () => {
      assert.match(
        withMode(written).diagnostics.map(show).join('\n'),
        /invalid mode: must be between 0 and 0777.*\[out-of-range\]$/,
      );
    });
});

test('mount points of other volumes are created, and recorded only for the volume', () => {
  const pod = (mountPaths: readonly string[]) =>
    podFrom(
      { configMap: { name: 'settings' } },
      { mountPath: '/v/' },
      {
        volumeMounts: [
          ...mountPaths.map((mountPath, index) => ({ name: `e${index}`, mountPath })),
          { name: 'v', mountPath: '/v' },
          { name: 'v', mountPath: '/w/v' },
        ],
      },
      mountPaths.map((_path, index) => ({ name: `e${index}`, emptyDir: {} })),
    );
  const pointsOf = (mountPaths: readonly string[]) => {
    const source = pod(mountPaths).volumes[0]?.source;
    assert.ok(source !== undefined && 'files' in source);
    return source.mountPoints;
  };
  assert.deepEqual(pointsOf(['/v/more/', '/v/b c/deep', '/vv', '/w', '/w/v/x']), ['b c/deep', 'more', 'x']);
  // The volume in between has the place for the last.
  assert.deepEqual(pointsOf(['/v/more-than', '/v/more', '/v/more/still']), ['more', 'more-than']);
  assert.equal(pointsOf(['/other']), undefined);
  const [plain, nested] = [pod(['/other']), pod(['/v/more'])];
  // Mount points are remembered by themselves: a pod without them holds the same files.
  assert.deepEqual(podFileDigests(nested), podFileDigests(plain));
  assert.deepEqual(Object.keys(podFileRecord(plain)), ['v']);
  assert.deepEqual(Object.keys(podFileRecord(nested)), ['v', 'v/']);
  assert.notEqual(podFileRecord(pod(['/v/b']))['v/'], podFileRecord(nested)['v/']);
  const mountOf = ({ containers }: typeof plain) =>
    containers[0]?.volumeMounts.filter(({ name }) => name === 'v').map((mount) => recordedSource(mount));
  assert.deepEqual(mountOf(nested), mountOf(plain));
});

test('the record of many volumes fits into one argument', () => {
  const names = Array.from({ length: 30 }, (_, index) => `v${index}`);
  const data = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`key-${index}`, 'x']));
  const pod = podWithContainer(
    { volumeMounts: names.map((name) => ({ name, mountPath: `/${name}` })) },
    { volumes: names.map((name) => ({ name, configMap: { name: 'many' } })) },
  );
  const { pods } = mean(
    pod,
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'many' }, data }),
  );
  assert.ok(pods[0]);
  const memory = podFileDigests(pods[0].pod);
  assert.equal(Object.keys(memory).length, 30);
  assert.ok(JSON.stringify(memory).length < 131_000);
});
